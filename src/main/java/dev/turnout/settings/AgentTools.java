package dev.turnout.settings;

import java.net.URI;
import java.time.Duration;
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

  /**
   * What becomes of a call of a tool. Servers that an operator named are there to be used.
   *
   * @param names all that the tool is called: by its name, by its kind
   */
  public Decision decide(List<String> names) {
    boolean ours =
        names.stream()
            .anyMatch(
                tool ->
                    serverNames().stream()
                        .anyMatch(name -> tool.startsWith("mcp__" + name + "__")));
    return ours && !policy.names(names) ? Decision.ALLOW : policy.of(names);
  }

  /** The same tools under another policy. */
  public AgentTools with(Policy other) {
    return new AgentTools(own, servers, other);
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
   * Which tools the agent may use, by the CLI's own names and kinds of them. Of a tool that is in
   * several lists the strictest counts: deny before ask before allow.
   *
   * @param ask those about which whoever follows the turn is asked
   * @param otherwise what becomes of a tool that is in none of the lists and that the CLI does not
   *     allow by itself
   * @param answerWithin how long a question waits until the answer is no
   */
  public record Policy(
      List<String> allow,
      List<String> ask,
      List<String> deny,
      Decision otherwise,
      Duration answerWithin) {
    /** How long a question waits where nothing else is said: a person has to notice it. */
    public static final Duration PATIENCE = Duration.ofMinutes(5);

    public Policy {
      allow = List.copyOf(allow);
      ask = List.copyOf(ask);
      deny = List.copyOf(deny);
    }

    /** One that asks nobody about a single tool. */
    public Policy(List<String> allow, List<String> deny, Decision otherwise) {
      this(allow, List.of(), deny, otherwise, PATIENCE);
    }

    /** Whether the CLI has to ask us about a tool, which only a living process can. */
    public boolean isAsked() {
      return otherwise != Decision.DENY || !ask.isEmpty();
    }

    /** Whether it says anything but no. */
    public boolean isWritten() {
      return isAsked() || !allow.isEmpty() || !deny.isEmpty();
    }

    /** Whether one of the lists names this tool. */
    boolean names(List<String> tool) {
      return names(deny, tool) || names(ask, tool) || names(allow, tool);
    }

    /** What becomes of a call of this tool, about which the CLI has asked. */
    Decision of(List<String> tool) {
      if (names(deny, tool)) {
        return Decision.DENY;
      }
      if (names(ask, tool)) {
        return Decision.ASK;
      }
      return names(allow, tool) ? Decision.ALLOW : otherwise;
    }

    private static boolean names(List<String> patterns, List<String> tool) {
      return tool.stream().anyMatch(name -> patterns.stream().anyMatch(p -> fits(p, name)));
    }

    /** A pattern may end with a star; the name of an MCP server stands for all of its tools. */
    private static boolean fits(String pattern, String name) {
      return pattern.endsWith("*")
          ? name.startsWith(pattern.substring(0, pattern.length() - 1))
          : name.equals(pattern)
              || (pattern.startsWith("mcp__") && name.startsWith(pattern + "__"));
    }
  }

  /** What becomes of a call of a tool. */
  public enum Decision {
    ALLOW,
    DENY,
    /** Somebody is asked. */
    ASK
  }
}
