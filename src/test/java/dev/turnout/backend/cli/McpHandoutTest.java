package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.failure.FailureSignal;
import dev.turnout.grant.AgentGrants;
import dev.turnout.livesession.LiveState;
import dev.turnout.livesession.LiveView;
import dev.turnout.livesession.OwnerLedger;
import dev.turnout.process.Leftovers;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.settings.Settings;
import dev.turnout.settings.WrittenSettings;
import dev.turnout.testing.TestLive;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How each CLI is told of its MCP servers, and for how long that stays on disk. */
@Timeout(120)
class McpHandoutTest {
  /** Speaks as much of Claude Code's protocol as a turn takes, and answers with its own config. */
  private static final String FAKE_CLAUDE =
      """
      #!/bin/sh
      while [ $# -gt 0 ]; do
        case "$1" in
          --mcp-config) config="$2" ;;
          --session-id|--resume) session="$2" ;;
        esac
        shift
      done
      field() { printf '%s' "$line" | sed 's/.*"'$1'":"\\([^"]*\\)".*/\\1/'; }
      while read -r line; do
        case "$line" in
          *'"subtype":"initialize"'*)
            echo '{"type":"control_response","response":{"subtype":"success","request_id":"'$(field request_id)'"}}' ;;
          *'"type":"user"'*)
            id=$(field uuid)
            [ -r "$config" ] && there=yes || there=no
            echo '{"type":"system","subtype":"init","session_id":"'$session'","user_message_uuid":"'$id'"}'
            echo '{"type":"result","subtype":"success","is_error":false,"session_id":"'$session'","user_message_uuids":["'$id'"],"result":"'$there $config'"}' ;;
        esac
      done
      """;

  @TempDir private Path data;
  private final AgentGrants grants = new AgentGrants();
  private final Map<String, String> environment =
      new HashMap<>(Map.of("DOCS_TOKEN", "s3cret-docs"));
  private TestLive live;
  private Path program;

  @BeforeEach
  void open() throws IOException {
    live = new TestLive(data, Clock.systemUTC());
    program = data.resolve("fake-claude");
    Files.writeString(program, FAKE_CLAUDE);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    live.close();
    assertEquals(0, Leftovers.endAll(data.toString()));
    assertEquals(List.of(), live.ledger.owners());
    assertEquals(List.of(), configs());
  }

  /** All files on disk that tell a CLI of MCP servers. */
  private List<Path> configs() throws IOException {
    try (var files = Files.walk(data)) {
      return files.filter(file -> file.endsWith("mcp.json")).toList();
    }
  }

  private static Settings settings(Map<String, String> more, String kind, Path program) {
    var written = new HashMap<>(more);
    written.put("turnout.backends.cli.kind", kind);
    written.put("turnout.backends.cli.command", program.toString());
    written.put("turnout.backends.cli.mcp.enabled", "true");
    return WrittenSettings.of(written);
  }

  private AttemptResult ask(Settings settings, String prompt, Optional<String> resume) {
    var cli = new BackendId("cli");
    var request =
        new AttemptRequest(
            new TurnId(UUID.randomUUID()),
            new SessionId(7),
            new Candidate(cli, Optional.empty(), Optional.empty()),
            prompt,
            Optional.empty(),
            List.of(),
            resume,
            Optional.empty());
    return new CliBackendProvider(
            new AuthProfiles(() -> settings, name -> Optional.ofNullable(environment.get(name))),
            live.ledger,
            live.sessions,
            grants,
            () -> Optional.of(URI.create("http://127.0.0.1:9/mcp")),
            data.toString())
        .open((Cli) settings.backend(cli).orElseThrow())
        .orElseThrow()
        .attempt(request, _ -> {});
  }

  private static String answer(AttemptResult result) {
    return assertInstanceOf(AttemptResult.Answered.class, result, result::toString).answer().text();
  }

  private Optional<LiveView> living() {
    return live.sessions.list().stream()
        .filter(view -> !(view.state() instanceof LiveState.Closed))
        .findFirst();
  }

  private static String tokenIn(String text) {
    var at = text.indexOf("turnout_agent_");
    return text.substring(at, at + "turnout_agent_".length() + 64);
  }

  @Test
  void configOfARunningProcessIsThereThroughFiftyTurnsAndTenRespawns() throws Exception {
    var settings =
        settings(
            Map.of(
                "turnout.backends.cli.live.enabled", "true",
                "turnout.backends.cli.live.max-turns", "5"),
            "claude",
            program);
    var resume = Optional.<String>empty();
    var tokens = new HashSet<String>();
    var configs = new HashSet<String>();
    try (var watch = new ConfigWatch(data)) {
      for (int turn = 0; turn < 50; turn++) {
        var result = ask(settings, "turn " + turn, resume);
        var said = answer(result);
        assertTrue(said.startsWith("yes "), "turn " + turn + ": " + said);
        var config = Path.of(said.substring("yes ".length()));
        configs.add(config.toString());
        resume = ((AttemptResult.Answered) result).sessionRef();
        if (turn % 5 != 4) {
          // It waits for its next turn; after the fifth it is on its way out.
          assertEquals(
              "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(config)));
          var pid = living().orElseThrow().pid().orElseThrow();
          var argv = Files.readString(Path.of("/proc/" + pid + "/cmdline"));
          var token = tokenIn(Files.readString(config));
          assertTrue(argv.contains(config.toString()), argv);
          assertFalse(argv.contains(token), "a token in argv");
          assertEquals(7, grants.find(token).orElseThrow().session().value());
          tokens.add(token);
        }
      }

      live.close();
      watch.checkedAtLeast(10);
    }
    assertEquals(10, configs.size());
    assertEquals(10, tokens.size());
    assertFalse(live.sessions.list().toString().contains("turnout_agent_"));
    tokens.forEach(token -> assertTrue(grants.find(token).isEmpty(), "a token outlives its owner"));
  }

  @Test
  void oneShotProcessHasItsTokenForAsLongAsItRuns() throws IOException {
    var script = data.resolve("one");
    Files.writeString(script, "#!/bin/sh\ncat \"$TURNOUT_MCP_CONFIG\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    var settings =
        settings(
            Map.of(
                "turnout.backends.cli.mcp-servers.docs.url", "https://docs.example.org/mcp",
                "turnout.backends.cli.mcp-servers.docs.headers.Authorization",
                    "Bearer {env:DOCS_TOKEN}",
                "turnout.backends.cli.mcp-servers.files.command", "mcp-files"),
            "command",
            script);

    var config = answer(ask(settings, "hello", Optional.empty()));

    assertTrue(config.contains("\"url\":\"http://127.0.0.1:9/mcp\""), config);
    assertTrue(config.contains("Bearer s3cret-docs"), config);
    assertTrue(config.contains("\"command\":\"mcp-files\""), config);
    assertTrue(grants.find(tokenIn(config)).isEmpty(), "it has ended");
  }

  @Test
  void missingSecretFailsBeforeAnythingRuns() {
    environment.clear();
    var settings =
        settings(
            Map.of(
                "turnout.backends.cli.mcp-servers.docs.url", "https://docs.example.org/mcp",
                "turnout.backends.cli.mcp-servers.docs.headers.X-Key", "{env:DOCS_TOKEN}"),
            "claude",
            program);

    var failed =
        assertInstanceOf(AttemptResult.Failed.class, ask(settings, "hello", Optional.empty()));

    var missing = assertInstanceOf(FailureSignal.ConfigMissing.class, failed.signal());
    assertTrue(missing.toString().contains("docs"), missing::toString);
    assertTrue(missing.toString().contains("{env:DOCS_TOKEN}"), missing::toString);
  }

  @Test
  void codexIsToldOnItsCommandLineAndGetsSecretsInItsEnvironment() throws IOException {
    var handed =
        handed(
            "codex",
            Map.of(
                "turnout.backends.cli.mcp-servers.docs.url", "https://docs.example.org/mcp",
                "turnout.backends.cli.mcp-servers.docs.headers.Authorization",
                    "Bearer {env:DOCS_TOKEN}",
                "turnout.backends.cli.mcp-servers.files.command", "mcp-files",
                "turnout.backends.cli.mcp-servers.files.environment.FILES_KEY",
                    "{env:DOCS_TOKEN}"));

    var line = String.join(" ", handed.arguments());
    assertTrue(line.contains("mcp_servers.turnout={url=\"http://127.0.0.1:9/mcp\""), line);
    assertTrue(line.contains("env_vars=[\"FILES_KEY\"]"), line);
    assertFalse(line.contains("s3cret") || line.contains("turnout_agent_"), line);
    assertEquals("s3cret-docs", handed.environment().get("FILES_KEY"));
    assertTrue(handed.environment().containsValue("Bearer s3cret-docs"));
    assertTrue(line.contains("shell_environment_policy.exclude="), line);
    assertTrue(line.endsWith("\"TURNOUT_MCP_TOKEN_0\",\"TURNOUT_MCP_TOKEN_1\"]"), line);
  }

  @Test
  void geminiIsToldInItsHomeWithoutASecret() throws IOException {
    var handed =
        handed(
            "gemini",
            Map.of(
                "turnout.backends.cli.mcp-servers.docs.url", "https://docs.example.org/mcp?$HOME",
                "turnout.backends.cli.mcp-servers.docs.headers.Authorization",
                    "Bearer {env:DOCS_TOKEN}",
                "turnout.backends.cli.mcp-servers.files.command", "mcp-files",
                "turnout.backends.cli.mcp-servers.files.environment.KEY", "{env:DOCS_TOKEN}",
                "turnout.backends.cli.mcp-servers.files.environment.MODE", "fast"));

    GeminiHome.prepare(data, Map.of(), Optional.empty(), handed.inHome());
    var written = Files.readString(data.resolve(".gemini/settings.json"));
    var servers = JsonPaths.object(written).orElseThrow().path("mcpServers");
    assertEquals(
        "http://127.0.0.1:9/mcp", asGeminiReads(servers, handed, "turnout", "httpUrl"), written);
    assertTrue(
        asGeminiReads(servers, handed, "turnout", "headers.Authorization")
            .startsWith("Bearer turnout_agent_"));
    assertEquals(
        "Bearer s3cret-docs", asGeminiReads(servers, handed, "docs", "headers.Authorization"));
    assertEquals(
        "https://docs.example.org/mcp?$HOME", asGeminiReads(servers, handed, "docs", "httpUrl"));
    assertEquals("s3cret-docs", asGeminiReads(servers, handed, "files", "env.KEY"));
    assertEquals("fast", servers.path("files").path("env").path("MODE").asText());
    assertTrue(servers.path("files").path("trust").asBoolean(), written);
    assertFalse(written.contains("s3cret") || written.contains("turnout_agent_"), written);
    assertEquals(List.of(), handed.arguments());
    assertEquals(List.of(), configs());

    GeminiHome.prepare(data, Map.of(), Optional.empty(), Map.of());
    assertFalse(Files.readString(data.resolve(".gemini/settings.json")).contains("mcp-files"));
  }

  /** With the variables that stand in it. */
  private static String asGeminiReads(
      JsonNode servers, McpHandout.Handed handed, String server, String field) {
    var text = JsonPaths.text(servers.path(server), field).orElseThrow();
    return text.startsWith("${")
        ? handed.environment().getOrDefault(text.substring(2, text.length() - 1), "")
        : text;
  }

  @Test
  void geminiInAHomeOfTheOperatorsIsToldInAFileOfTheProcess() throws IOException {
    var handed = handed("gemini", Map.of("turnout.backends.cli.home", data.toString()));

    assertEquals(Map.of(), handed.inHome());
    assertTrue(
        handed
            .environment()
            .getOrDefault("GEMINI_CLI_SYSTEM_DEFAULTS_PATH", "")
            .startsWith(data.toString()));
  }

  private McpHandout.Handed handed(String kind, Map<String, String> more) throws IOException {
    var settings = settings(more, kind, program);
    var cli = (Cli) settings.backend(new BackendId("cli")).orElseThrow();
    var profiles =
        new AuthProfiles(() -> settings, name -> Optional.ofNullable(environment.get(name)));
    try (var belongings = new OwnerLedger(data.toString(), Clock.systemUTC()).open("test")) {
      return new McpHandout(
              profiles, grants, () -> Optional.of(URI.create("http://127.0.0.1:9/mcp")))
          .hand(
              cli,
              Optional.of(new SessionId(7)),
              new SessionDirectories(data).forProcess(new SessionId(7), belongings),
              Optional.empty());
    }
  }

  @Test
  void proxyIsNotAskedForThisMachine() {
    var proxied = new HashMap<>(Map.of("https_proxy", "http://proxy:1", "NO_PROXY", "corp"));
    var direct = new HashMap<>(Map.of("PATH", "/bin"));

    McpHandout.keepFromProxies(proxied);
    McpHandout.keepFromProxies(direct);

    assertEquals("corp,127.0.0.1,localhost", proxied.get("NO_PROXY"));
    assertEquals("127.0.0.1,localhost", proxied.get("no_proxy"));
    assertEquals(Map.of("PATH", "/bin"), direct);
  }
}
