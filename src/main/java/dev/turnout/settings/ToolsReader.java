package dev.turnout.settings;

import dev.turnout.settings.AgentTools.Decision;
import dev.turnout.settings.AgentTools.McpServer;
import dev.turnout.settings.AgentTools.OwnTools;
import dev.turnout.settings.AgentTools.Policy;
import dev.turnout.settings.BackendSettings.CliDialect;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads which tools the agent of a CLI has and may use. */
final class ToolsReader {
  /** What a CLI makes of it is a part of the names of tools, which models restrict to these. */
  private static final String SERVER_NAME = "[A-Za-z0-9](?:[A-Za-z0-9-]|_(?!_)){0,31}";

  private static final String HEADER_NAME = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}";

  /** Whose value is a secret, by their usual names. */
  private static final String SECRET_NAME =
      "(?i).*(authorization|cookie|token|secret|password|api.?key).*";

  private final Violations violations;

  ToolsReader(Violations violations) {
    this.violations = violations;
  }

  AgentTools read(String key, CliDialect dialect, BackendConfig backend, boolean lives) {
    var mcp = backend.mcp();
    violations.atLeast(key + ".mcp.max-followups", mcp.maxFollowups(), 1);
    violations.atLeast(key + ".mcp.max-chain", mcp.maxChain(), 1);
    var servers = new HashMap<String, McpServer>();
    backend
        .mcpServers()
        .forEach(
            (name, server) ->
                server(key + ".mcp-servers." + name, name, server)
                    .ifPresent(read -> servers.put(name, read)));
    if (dialect == CliDialect.CODEX) {
      oneValueEach(key + ".mcp-servers", servers);
    }
    var own = Optional.of(new OwnTools(mcp.maxFollowups(), mcp.maxChain()));
    return new AgentTools(
        own.filter(_ -> mcp.enabled()), servers, policy(key + ".tools", dialect, backend, lives));
  }

  private Optional<McpServer> server(String key, String name, BackendConfig.McpServer server) {
    if (!name.matches(SERVER_NAME) || name.equals(AgentTools.OWN_NAME)) {
      violations.add(
          key,
          name,
          "a name of letters, digits, '-' and single '_', at most 32 long, and not "
              + AgentTools.OWN_NAME);
    }
    var url = server.url().flatMap(text -> url(key + ".url", text));
    if (server.command().isPresent() == server.url().isPresent()) {
      violations.add(
          key + ".command",
          server.command().isPresent() ? "(with a url)" : "(absent)",
          "a program to run, or else a url");
      return Optional.empty();
    }
    if (server.command().isEmpty()) {
      var why = "it is for a command";
      violations.mustBeAbsent(key + ".args", server.args().isPresent(), why);
      violations.mustBeAbsent(key + ".environment", !server.environment().isEmpty(), why);
      var headers = texts(key + ".headers", server.headers(), HEADER_NAME, "the name of a header");
      return url.map(at -> new McpServer.Remote(at, headers));
    }
    violations.mustBeAbsent(
        key + ".headers", !server.headers().isEmpty(), "a program gets its environment");
    return Optional.of(
        new McpServer.Program(
            server.command().get(),
            server.args().orElse(List.of()),
            texts(
                key + ".environment",
                server.environment(),
                Violations.VARIABLE,
                "the name of an environment variable")));
  }

  private Map<String, SecretText> texts(
      String key, Map<String, String> written, String pattern, String expected) {
    var texts = new HashMap<String, SecretText>();
    written.forEach(
        (name, value) -> {
          if (!name.matches(pattern)) {
            violations.add(key, name, expected);
          }
          var text = new SecretText(value);
          if (name.matches(SECRET_NAME) && text.references().isEmpty()) {
            violations.add(
                key + "." + name,
                "(not shown)",
                "{env:NAME} or {file:/absolute/path} in the place of the secret");
          }
          if (value.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            violations.add(key + "." + name, "(not shown)", "a text without control characters");
          }
          texts.put(name, text);
        });
    return texts;
  }

  /** Codex hands secrets on from its own environment, where each name has one value. */
  private void oneValueEach(String key, Map<String, McpServer> servers) {
    var values = new HashMap<String, SecretText>();
    servers.values().stream()
        .filter(McpServer.Program.class::isInstance)
        .flatMap(program -> ((McpServer.Program) program).environment().entrySet().stream())
        .filter(variable -> !variable.getValue().references().isEmpty())
        .forEach(
            variable -> {
              var other = values.putIfAbsent(variable.getKey(), variable.getValue());
              if (other != null && !other.equals(variable.getValue())) {
                violations.add(key, variable.getKey(), "one secret for it in all servers");
              }
            });
  }

  private Policy policy(String key, CliDialect dialect, BackendConfig backend, boolean lives) {
    var tools = backend.tools();
    var policy =
        new Policy(
            names(key, tools.allow()),
            names(key, tools.ask()),
            names(key, tools.deny()),
            violations
                .oneOf(key + ".otherwise", tools.otherwise(), Decision.class)
                .orElse(Decision.DENY),
            tools.answerWithin());
    violations.positive(key + ".answer-within", tools.answerWithin());
    violations.mustBeAbsent(
        key,
        policy.isWritten() && dialect == CliDialect.COMMAND,
        "kind command cannot be told which tools its agent may use");
    // Claude takes its lists as arguments too, and all ACP is spoken with a process that can ask.
    boolean needsLife =
        switch (dialect) {
          case CLAUDE -> policy.isAsked();
          case CODEX, GEMINI, DEMO -> policy.isWritten();
          case ACP, COMMAND -> false;
        };
    violations.mustBeAbsent(
        key, needsLife && !lives, "only a process that lives between turns can ask: live.enabled");
    return policy;
  }

  /** What an agent's settings say of tools. */
  ToolRules rules(String key, TurnoutConfig.AgentToolPolicy tools) {
    tools.answerWithin().ifPresent(time -> violations.positive(key + ".answer-within", time));
    return new ToolRules(
        tools.allow().map(list -> names(key, Optional.of(list))),
        tools.ask().map(list -> names(key, Optional.of(list))),
        tools.deny().map(list -> names(key, Optional.of(list))),
        tools
            .otherwise()
            .flatMap(word -> violations.oneOf(key + ".otherwise", word, Decision.class)),
        tools.answerWithin());
  }

  private List<String> names(String key, Optional<List<String>> written) {
    var names = written.orElse(List.of());
    names.stream()
        .filter(name -> name.isBlank() || name.startsWith("-") || name.contains("\n"))
        .forEach(name -> violations.add(key, name, "names of tools"));
    return names;
  }

  private Optional<URI> url(String key, String text) {
    return Urls.of(text)
        .or(
            () -> {
              violations.add(key, text, "an http or https URL");
              return Optional.empty();
            });
  }
}
