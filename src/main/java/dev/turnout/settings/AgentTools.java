package dev.turnout.settings;

import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which tools an agent of a CLI has beside the CLI's own, and which it may use.
 *
 * @param own Turnout's own tools; empty when the agent does not get them
 * @param servers an operator's MCP servers, by the name under which the agent sees them, sorted
 */
public record AgentTools(Optional<OwnTools> own, Map<String, McpServer> servers, Policy policy) {
  /** What the agent knows Turnout's own MCP server by; no other server may have this name. */
  public static final String OWN_NAME = "turnout";

  /** Nothing but what the CLI brings along. */
  public static final AgentTools NONE =
      new AgentTools(Optional.empty(), Map.of(), new Policy(List.of(), List.of(), Decision.DENY));

  public AgentTools {
    servers = Collections.unmodifiableMap(new TreeMap<>(servers));
  }

  /** The names of all MCP servers that the agent has, ours the first. */
  public List<String> serverNames() {
    return Stream.concat(own.stream().map(_ -> OWN_NAME), servers.keySet().stream()).toList();
  }

  /** What becomes of a call of this tool. Servers that an operator named are there to be used. */
  public Decision decide(String tool) {
    boolean ours = serverNames().stream().anyMatch(name -> tool.startsWith("mcp__" + name + "__"));
    return ours && !policy.names(tool) ? Decision.ALLOW : policy.of(tool);
  }

  /** Whether the CLI is told of any MCP server. */
  public boolean hasServers() {
    return own.isPresent() || !servers.isEmpty();
  }

  /**
   * How far an agent may go with Turnout's own tools.
   *
   * @param maxFollowups how many turns one turn may put into its session's line
   * @param maxChain how many turns may follow each other, each put there by the one before
   */
  public record OwnTools(int maxFollowups, int maxChain) {}

  /** An MCP server of the operator's. */
  public sealed interface McpServer {
    /** A program that speaks MCP on stdin and stdout; the CLI starts and ends it. */
    record Program(String command, List<String> args, Map<String, SecretText> environment)
        implements McpServer {
      public Program {
        args = List.copyOf(args);
        environment = Map.copyOf(environment);
      }
    }

    /** One that answers at an address. */
    record Remote(URI url, Map<String, SecretText> headers) implements McpServer {
      public Remote {
        headers = Map.copyOf(headers);
      }
    }
  }

  /**
   * Which tools the agent may use, by the CLI's own names of them. A tool that is denied and
   * allowed is denied.
   *
   * @param otherwise what becomes of a tool that is in none of the lists and that the CLI does not
   *     allow by itself
   */
  public record Policy(List<String> allow, List<String> deny, Decision otherwise) {
    public Policy {
      allow = List.copyOf(allow);
      deny = List.copyOf(deny);
    }

    /** Whether the CLI has to ask us about a tool, which only a living process can. */
    public boolean isAsked() {
      return otherwise != Decision.DENY;
    }

    /** Whether one of the lists names this tool. */
    boolean names(String tool) {
      return names(deny, tool) || names(allow, tool);
    }

    /** What becomes of a call of this tool, about which the CLI has asked. */
    Decision of(String tool) {
      if (names(deny, tool)) {
        return Decision.DENY;
      }
      return names(allow, tool) ? Decision.ALLOW : otherwise;
    }

    /** A name may end with a star; the name of an MCP server stands for all of its tools. */
    private static boolean names(List<String> patterns, String tool) {
      return patterns.stream()
          .anyMatch(
              pattern ->
                  pattern.endsWith("*")
                      ? tool.startsWith(pattern.substring(0, pattern.length() - 1))
                      : tool.equals(pattern)
                          || (pattern.startsWith("mcp__") && tool.startsWith(pattern + "__")));
    }
  }

  /** What becomes of a call of a tool. */
  public enum Decision {
    ALLOW,
    DENY
  }
}
