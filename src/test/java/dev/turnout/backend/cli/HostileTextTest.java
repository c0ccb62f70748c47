package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.failure.FailureSignal;
import dev.turnout.grant.AgentGrants;
import dev.turnout.livesession.OwnerLedger;
import dev.turnout.process.Subprocesses;
import dev.turnout.settings.AgentTools;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.settings.BackendSettings.OutputFields;
import dev.turnout.settings.BackendSettings.OutputFormat;
import dev.turnout.settings.BackendSettings.PromptChannel;
import dev.turnout.settings.LiveSettings;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.Exchange;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A real program writes down what it was started with, whatever callers and operators wrote. */
@Timeout(120)
class HostileTextTest {
  private static final String RECORDER =
      """
      #!/bin/sh
      printf '%s\\0' "$@" > "$RECORDS/argv"
      env -0 > "$RECORDS/env"
      cat > "$RECORDS/stdin"
      echo answer
      """;

  @TempDir private Path data;
  private Path program = Path.of("");

  /** What has become a command, an option, a file or a placeholder elsewhere. */
  static List<String> texts() {
    return List.of(
        "$(touch pwned)",
        "`touch pwned`",
        "; touch pwned",
        "| touch pwned",
        "&& touch pwned #",
        "x\ntouch pwned\n",
        "' ; touch pwned ; '",
        "\" ; touch pwned ; \"",
        "--dangerously-skip-permissions",
        "-",
        "--",
        "{session}",
        "{prompt}{model}",
        "$1\\0${HOME}",
        "${env:PATH}",
        "%s%n",
        "../../etc/passwd",
        "@/etc/passwd",
        "*",
        "~",
        "a=b\u001b[31m\u202e",
        "PATH=/tmp");
  }

  @BeforeEach
  void writeProgram() throws IOException {
    program = data.resolve("recorder");
    Files.writeString(program, RECORDER);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  private Cli cli(CliDialect dialect, PromptChannel channel, String text) {
    return new Cli(
        new BackendId("recorder"),
        dialect,
        program.toString(),
        List.of("first", "{prompt}"),
        List.of("--session", "{session}"),
        List.of("--resume", "{session}"),
        List.of("--model", "{model}"),
        Map.of("alias", text),
        List.of("--system={system_prompt}"),
        channel,
        OutputFormat.TEXT,
        OutputFields.NONE,
        Map.of("RECORDS", data.toString(), "HOSTILE", text),
        List.of(),
        Optional.empty(),
        TestSettings.LIMITS,
        1 << 20,
        Duration.ofMillis(300),
        LiveSettings.OFF,
        AgentTools.NONE,
        BackendSettings.MAX_HISTORY_BYTES);
  }

  private AttemptResult attempt(Cli cli, String model, String prompt, Optional<String> resume) {
    var settings = TestSettings.settings(List.of(), 1);
    var profiles = new AuthProfiles(() -> settings, _ -> Optional.empty());
    var mcp =
        new McpHandout(
            profiles, new AgentGrants(), () -> Optional.of(URI.create("http://127.0.0.1:9/mcp")));
    var preparation =
        new CliPreparation(profiles, new SessionDirectories(data), mcp, data.toString());
    var ledger = new OwnerLedger(data.toString(), Clock.systemUTC());
    return new OneShotCliBackend(cli, preparation, ledger, new Subprocesses())
        .attempt(
            new AttemptRequest(
                new TurnId(UUID.randomUUID()),
                new SessionId(1),
                new Candidate(cli.id(), Optional.of(model), Optional.empty()),
                prompt,
                Optional.of(prompt),
                List.of(new Exchange(prompt, prompt)),
                resume,
                Optional.empty()),
            _ -> {});
  }

  private List<String> recorded(String what) throws IOException {
    var text = Files.readString(data.resolve(what), StandardCharsets.UTF_8);
    return List.of(text.split("\0", -1));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void everyTextIsOneArgumentOrNone(String text) throws IOException {
    var cli = cli(CliDialect.COMMAND, PromptChannel.ARGUMENT, text);
    boolean option = text.startsWith("-");

    var result = attempt(cli, option ? "m" : text, text, Optional.empty());

    assertInstanceOf(AttemptResult.Answered.class, result);
    var argv = recorded("argv");
    assertEquals(8, argv.size(), () -> "" + argv);
    assertEquals("first", argv.getFirst());
    assertTrue(argv.get(1).endsWith(text), () -> "" + argv);
    assertFalse(argv.get(1).startsWith("-"), () -> "" + argv);
    assertEquals("--session", argv.get(2));
    UUID.fromString(argv.get(3));
    assertEquals(List.of("--model", option ? "m" : text), argv.subList(4, 6));
    assertEquals("--system=" + text, argv.get(6));
    var environment = recorded("env");
    assertTrue(environment.contains("HOSTILE=" + text), () -> "" + environment);
    assertTrue(environment.stream().noneMatch("PATH=/tmp"::equals), () -> "" + environment);
    noCommandRan();
  }

  @ParameterizedTest
  @MethodSource("texts")
  void onStandardInputNothingIsAnArgument(String text) throws IOException {
    attempt(cli(CliDialect.COMMAND, PromptChannel.STDIN, text), "m", text, Optional.empty());

    assertTrue(String.join("\0", recorded("stdin")).endsWith(text));
    assertTrue(recorded("argv").stream().skip(1).noneMatch(text::equals));
    noCommandRan();
  }

  @ParameterizedTest
  @EnumSource(names = {"COMMAND", "CLAUDE", "CODEX", "GEMINI"})
  void aModelOrASessionThatWouldBeAnOptionStartsNothing(CliDialect dialect) {
    var cli = cli(dialect, PromptChannel.STDIN, "x");

    var byModel = attempt(cli, "--yolo", "hello", Optional.empty());
    var bySession = attempt(cli, "m", "hello", Optional.of("--yolo"));

    for (var result : List.of(byModel, bySession)) {
      var failed = assertInstanceOf(AttemptResult.Failed.class, result);
      assertInstanceOf(FailureSignal.SpawnFailed.class, failed.signal());
    }
    assertFalse(Files.exists(data.resolve("argv")));
  }

  private void noCommandRan() throws IOException {
    try (var files = Files.walk(data)) {
      assertTrue(files.noneMatch(file -> file.endsWith("pwned")));
    }
  }
}
