package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.authprofile.Credential;
import dev.turnout.backend.cli.SessionDirectories.ProcessDirectory;
import dev.turnout.grant.AgentDoor;
import dev.turnout.grant.AgentGrants;
import dev.turnout.livesession.ResourceKind;
import dev.turnout.settings.AgentTools;
import dev.turnout.settings.AgentTools.McpServer;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.settings.SecretText;
import dev.turnout.turn.SessionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Tells a CLI, in the way that it has for this, which MCP servers there are and which tools its
 * agent may use. Secrets go into a file that belongs to the process or into its environment, never
 * into arguments.
 */
final class McpHandout {
  /** Names the file to those CLIs that Turnout knows nothing better of. */
  static final String VARIABLE = "TURNOUT_MCP_CONFIG";

  /**
   * Lowest of Gemini's settings files, for a HOME that is the operator's. It passes over the file
   * without a word unless that and every directory above it are root's alone.
   */
  private static final String GEMINI_SETTINGS = "GEMINI_CLI_SYSTEM_DEFAULTS_PATH";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final AuthProfiles secrets;
  private final AgentGrants grants;
  private final AgentDoor door;

  McpHandout(AuthProfiles secrets, AgentGrants grants, AgentDoor door) {
    this.secrets = secrets;
    this.grants = grants;
    this.door = door;
  }

  /**
   * What a process is started with beside everything else.
   *
   * @param spoken servers that its agent is told of in its protocol, once it runs
   * @param inHome servers that it reads from its HOME, without a secret in them
   */
  record Handed(
      List<String> arguments,
      Map<String, String> environment,
      List<AcpServer> spoken,
      Map<String, Object> inHome) {
    private static final Handed NOTHING = new Handed(List.of(), Map.of());

    Handed(List<String> arguments, Map<String, String> environment) {
      this(arguments, environment, List.of(), Map.of());
    }
  }

  /** One server with its secrets. */
  private sealed interface Server {
    record Program(String command, List<String> args, Map<String, Value> environment)
        implements Server {}

    record Remote(String url, Map<String, String> headers) implements Server {}
  }

  /** A variable and whether it holds a secret. */
  private record Value(String text, boolean secret) {}

  /** Why the servers cannot be handed over, if they cannot: a secret that is not there. */
  Optional<String> missing(Cli cli) {
    return texts(cli.tools())
        .filter(text -> fill(text.getValue()).isEmpty())
        .map(
            text ->
                "a secret of MCP server "
                    + text.getKey()
                    + " is missing: "
                    + text.getValue().template())
        .findFirst();
  }

  /** False as long as a process that is to call us could be told no address. */
  boolean canBeReached(Cli cli) {
    return cli.tools().own().isEmpty() || door.mcp().isPresent();
  }

  /** What a process may do in one session it may do in the other from now on. */
  void passOn(SessionId from, SessionId to) {
    grants.passOn(from, to);
  }

  /** Everything that a process keeps from its start, secrets and our own address included. */
  String identity(Cli cli) {
    var filled = texts(cli.tools()).map(text -> fill(text.getValue()).orElse("")).toList();
    var ours = cli.tools().own().flatMap(_ -> door.mcp());
    return cli.tools() + filled.toString() + ours;
  }

  private static Stream<Map.Entry<String, SecretText>> texts(AgentTools tools) {
    return tools.servers().entrySet().stream()
        .flatMap(
            server ->
                new TreeMap<>(
                        switch (server.getValue()) {
                          case McpServer.Program program -> program.environment();
                          case McpServer.Remote remote -> remote.headers();
                        })
                    .values().stream().map(text -> Map.entry(server.getKey(), text)));
  }

  private Optional<String> fill(SecretText text) {
    return text.filled(secrets::secret);
  }

  /**
   * Makes what this process needs; a token of its own among it.
   *
   * @param worksFor the session whose line it may use; empty for one that gets no servers
   */
  Handed hand(
      Cli cli,
      Optional<SessionId> worksFor,
      ProcessDirectory files,
      Optional<Credential> credential)
      throws IOException {
    var servers =
        worksFor.isPresent() ? servers(cli, worksFor.get(), files) : Map.<String, Server>of();
    return switch (cli.dialect()) {
      case CODEX -> servers.isEmpty() ? Handed.NOTHING : codex(servers, credential);
      case GEMINI -> servers.isEmpty() ? Handed.NOTHING : gemini(servers, cli, files);
      case CLAUDE -> {
        var arguments = new ArrayList<String>();
        if (!servers.isEmpty()) {
          var file = file(files, usual(servers));
          arguments.addAll(List.of("--mcp-config", file, "--strict-mcp-config"));
        }
        arguments.addAll(ClaudeTools.arguments(cli.tools()));
        yield new Handed(arguments, Map.of());
      }
      case COMMAND, DEMO, ACP -> {
        var environment =
            servers.isEmpty()
                ? Map.<String, String>of()
                : Map.of(VARIABLE, file(files, usual(servers)));
        boolean inProtocol = cli.dialect() == CliDialect.ACP;
        yield new Handed(
            List.of(), environment, inProtocol ? spoken(servers, cli) : List.of(), Map.of());
      }
    };
  }

  private static String file(ProcessDirectory files, Map<String, Object> servers)
      throws IOException {
    var text = JSON.writeValueAsString(Map.of("mcpServers", servers));
    return files.file(ResourceKind.MCP_CONFIG, "mcp.json", text).toString();
  }

  private static List<AcpServer> spoken(Map<String, Server> servers, Cli cli) {
    var search = cli.environment().getOrDefault("PATH", CliPreparation.path());
    return servers.entrySet().stream()
        .map(
            named ->
                switch (named.getValue()) {
                  case Server.Remote(var url, var headers) ->
                      AcpServer.remote(named.getKey(), url, headers);
                  case Server.Program(var command, var args, var environment) ->
                      AcpServer.program(named.getKey(), command, args, texts(environment), search);
                })
        .toList();
  }

  private Map<String, Server> servers(Cli cli, SessionId session, ProcessDirectory files)
      throws IOException {
    var servers = new LinkedHashMap<String, Server>();
    var own = cli.tools().own();
    var address = door.mcp();
    // A server without an address would be no server; some CLIs refuse to start with one.
    if (own.isPresent() && address.isPresent()) {
      var token = grants.issue(session, own.get(), files.belongings());
      servers.put(
          AgentTools.OWN_NAME,
          new Server.Remote(address.get().toString(), Map.of("Authorization", "Bearer " + token)));
    }
    cli.tools()
        .servers()
        .forEach(
            (name, server) ->
                servers.put(
                    name,
                    switch (server) {
                      case McpServer.Remote(var url, var headers) ->
                          new Server.Remote(url.toString(), filled(headers));
                      case McpServer.Program(var command, var args, var environment) ->
                          new Server.Program(command, args, values(environment));
                    }));
    return servers;
  }

  private Map<String, String> filled(Map<String, SecretText> texts) {
    var filled = new TreeMap<String, String>();
    // What was there a moment ago and is not now is told by the server, not by us.
    texts.forEach((name, text) -> filled.put(name, fill(text).orElse("")));
    return filled;
  }

  private Map<String, Value> values(Map<String, SecretText> texts) {
    var values = new TreeMap<String, Value>();
    texts.forEach(
        (name, text) ->
            values.put(name, new Value(fill(text).orElse(""), !text.references().isEmpty())));
    return values;
  }

  /** As most clients read it. */
  private static Map<String, Object> usual(Map<String, Server> servers) {
    var all = new LinkedHashMap<String, Object>();
    servers.forEach(
        (name, server) ->
            all.put(
                name,
                switch (server) {
                  case Server.Remote(var url, var headers) ->
                      Map.of("type", "http", "url", url, "headers", headers);
                  case Server.Program program -> program(program);
                }));
    return all;
  }

  private static Handed gemini(Map<String, Server> servers, Cli cli, ProcessDirectory files)
      throws IOException {
    var named = new NamedTexts();
    var all = new LinkedHashMap<String, Object>();
    servers.forEach((name, server) -> all.put(name, gemini(server, named)));
    var environment = new TreeMap<>(named.environment);
    if (cli.home().isEmpty()) {
      return new Handed(List.of(), environment, List.of(), all);
    }
    environment.put(GEMINI_SETTINGS, file(files, all));
    return new Handed(List.of(), environment);
  }

  private static Map<String, Object> gemini(Server server, NamedTexts named) {
    var one = new LinkedHashMap<String, Object>();
    switch (server) {
      case Server.Remote(var url, var headers) -> {
        var texts = new TreeMap<String, String>();
        headers.forEach((header, value) -> texts.put(header, named.hidden(value)));
        one.put("httpUrl", named.plain(url));
        one.put("headers", texts);
      }
      case Server.Program(var command, var args, var environment) -> {
        var texts = new TreeMap<String, String>();
        environment.forEach(
            (variable, value) ->
                texts.put(
                    variable,
                    value.secret() ? named.hidden(value.text()) : named.plain(value.text())));
        one.put("command", named.plain(command));
        one.put("args", args.stream().map(named::plain).toList());
        one.put("env", texts);
      }
    }
    // Nobody is there to be asked.
    one.put("trust", true);
    return one;
  }

  /**
   * Texts of settings in which Gemini CLI puts variables of its environment: what is secret is in
   * the environment of this process, and not in a HOME that outlives it.
   */
  private static final class NamedTexts {
    private final Map<String, String> environment = new HashMap<>();

    private String hidden(String text) {
      var variable = "TURNOUT_MCP_TOKEN_" + environment.size();
      environment.put(variable, text);
      return "${" + variable + "}";
    }

    /** What looks like a variable would be taken for one. */
    private String plain(String text) {
      return text.indexOf('$') < 0 ? text : hidden(text);
    }
  }

  private static Map<String, Object> program(Server.Program program) {
    return Map.of(
        "command", program.command(), "args", program.args(), "env", texts(program.environment()));
  }

  private static Map<String, String> texts(Map<String, Value> environment) {
    var texts = new TreeMap<String, String>();
    environment.forEach((name, value) -> texts.put(name, value.text()));
    return texts;
  }

  /** On its command line, which names the variables that hold the secrets. */
  private static Handed codex(Map<String, Server> servers, Optional<Credential> credential) {
    var arguments = new ArrayList<String>();
    var secret = new TreeMap<String, String>();
    servers.forEach(
        (name, server) -> {
          var fields = new ArrayList<String>();
          switch (server) {
            case Server.Remote(var url, var headers) -> {
              fields.add("url=" + CodexProvider.toml(url));
              var variables = new ArrayList<String>();
              headers.forEach(
                  (header, value) -> {
                    var variable = "TURNOUT_MCP_TOKEN_" + secret.size();
                    secret.put(variable, value);
                    variables.add(CodexProvider.toml(header) + "=" + CodexProvider.toml(variable));
                  });
              fields.add("env_http_headers={" + String.join(",", variables) + "}");
            }
            case Server.Program(var command, var args, var environment) -> {
              fields.add("command=" + CodexProvider.toml(command));
              fields.add("args=" + list(args));
              var plain = new ArrayList<String>();
              var handedOn = new ArrayList<String>();
              environment.forEach(
                  (variable, value) -> {
                    if (value.secret()) {
                      secret.put(variable, value.text());
                      handedOn.add(variable);
                    } else {
                      plain.add(variable + "=" + CodexProvider.toml(value.text()));
                    }
                  });
              fields.add("env={" + String.join(",", plain) + "}");
              fields.add("env_vars=" + list(handedOn));
            }
          }
          // Nobody is there to be asked.
          fields.add("default_tools_approval_mode=\"approve\"");
          arguments.addAll(
              List.of("-c", "mcp_servers." + name + "={" + String.join(",", fields) + "}"));
        });
    // The commands that a model runs would inherit them. The last such argument counts.
    var hidden = new ArrayList<>(secret.keySet());
    credential.ifPresent(known -> hidden.add(known.variable()));
    arguments.addAll(List.of("-c", "shell_environment_policy.exclude=" + list(hidden)));
    return new Handed(arguments, secret);
  }

  private static String list(List<String> texts) {
    return "[" + String.join(",", texts.stream().map(CodexProvider::toml).toList()) + "]";
  }

  /** A proxy between a process and this machine would be told the token; and could not reach us. */
  static void keepFromProxies(Map<String, String> environment) {
    boolean proxied =
        environment.keySet().stream()
            .anyMatch(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    if (!proxied) {
      return;
    }
    for (var name : List.of("NO_PROXY", "no_proxy")) {
      environment.merge(
          name, "127.0.0.1,localhost", (old, ours) -> old.isBlank() ? ours : old + "," + ours);
    }
  }
}
