package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.AttemptResult.Answered;
import dev.turnout.backend.AttemptResult.Failed;
import dev.turnout.backend.BackendEvent;
import dev.turnout.failure.FailureSignal;
import dev.turnout.failure.FailureSignal.TimedOut.Limit;
import dev.turnout.grant.AgentGrants;
import dev.turnout.livesession.OwnerLedger;
import dev.turnout.process.Subprocesses;
import dev.turnout.settings.AuthProfileSettings;
import dev.turnout.settings.AuthProfileSettings.CredentialKind;
import dev.turnout.settings.AuthProfileSettings.SecretRef;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.settings.BackendSettings.OutputFields;
import dev.turnout.settings.BackendSettings.OutputFormat;
import dev.turnout.settings.BackendSettings.PromptChannel;
import dev.turnout.settings.BackendSettings.TimeLimits;
import dev.turnout.settings.Settings;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.Exchange;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The generic CLI backend over real shell scripts. */
@Timeout(60)
class OneShotCliBackendTest {
  private static final OutputFields FIELDS =
      new OutputFields(
          Optional.of("result"),
          Optional.of("delta.text"),
          Optional.of("session"),
          Optional.of("error.message"),
          Optional.of("usage.in"),
          Optional.of("usage.out"));

  @TempDir private Path data;
  private final List<BackendEvent> events = new ArrayList<>();
  private Candidate candidate =
      new Candidate(TestSettings.cli("cli", "sh").id(), Optional.empty(), Optional.empty());
  private Optional<String> resume = Optional.empty();
  private List<Exchange> history = List.of();
  private Optional<String> systemPrompt = Optional.empty();

  private AttemptResult attempt(Cli cli, String prompt) {
    var profile =
        new AuthProfileSettings(
            new AuthProfileId("key"),
            "anthropic",
            CredentialKind.API_KEY,
            Optional.of(new SecretRef.Environment("SECRET")),
            Optional.empty());
    var none = TestSettings.settings(List.of(), 1);
    var settings =
        new Settings(
            1,
            none.defaultAgent(),
            none.agents(),
            none.backends(),
            Map.of(profile.id(), profile),
            none.lanes(),
            none.queue(),
            none.fallback(),
            none.decisions());
    var profiles =
        new AuthProfiles(
            () -> settings,
            name -> name.equals("SECRET") ? Optional.of("s3cret-value") : Optional.empty());
    var mcp =
        new McpHandout(
            profiles, new AgentGrants(), () -> Optional.of(URI.create("http://127.0.0.1:9/mcp")));
    var preparation =
        new CliPreparation(profiles, new SessionDirectories(data), mcp, data.toString());
    var ledger = new OwnerLedger(data.toString(), Clock.systemUTC());
    var backend = new OneShotCliBackend(cli, preparation, ledger, new Subprocesses());
    return backend.attempt(
        new AttemptRequest(
            new TurnId(UUID.randomUUID()),
            new SessionId(1),
            candidate,
            prompt,
            systemPrompt,
            history,
            resume,
            Optional.empty()),
        events::add);
  }

  private static Cli sh(String script, String... args) {
    var all = new ArrayList<>(List.of("-c", script, "sh"));
    all.addAll(List.of(args));
    return TestSettings.cli("cli", "/bin/sh", all.toArray(String[]::new));
  }

  private static Cli json(Cli cli, OutputFormat format) {
    return copy(cli, cli.promptChannel(), format, cli.limits());
  }

  private static Cli copy(Cli c, PromptChannel channel, OutputFormat format, TimeLimits limits) {
    return new Cli(
        c.id(),
        c.dialect(),
        c.command(),
        c.args(),
        List.of("new", "{session}"),
        List.of("resume", "{session}"),
        List.of("--model", "{model}"),
        Map.of("big", "big-2"),
        List.of("--system-file", "{system_prompt_file}"),
        channel,
        format,
        FIELDS,
        Map.of("EXTRA", "extra value"),
        List.of(),
        Optional.empty(),
        limits,
        c.maxOutputBytes(),
        c.grace(),
        c.live(),
        c.tools(),
        c.maxHistoryBytes());
  }

  private static String text(AttemptResult result) {
    return assertInstanceOf(Answered.class, result).answer().text();
  }

  private static FailureSignal signal(AttemptResult result) {
    return assertInstanceOf(Failed.class, result).signal();
  }

  @Test
  void aTextCliAnswersWithItsStdout() {
    assertEquals("you said hi", text(attempt(sh("echo you said \"$(cat)\""), "hi")));
  }

  @Test
  void aPromptInAnArgumentIsOneArgumentWhateverItHolds() {
    var hostile = "$(touch owned) \"quoted\" 'single' `tick`; rm -rf {model}\nsecond line";

    assertEquals(hostile, text(attempt(sh("printf '%s' \"$1\"", "{prompt}"), hostile)));
    assertFalse(Files.exists(data.resolve("owned")));
  }

  @Test
  void aPromptThatLooksLikeAnOptionGoesThroughStdin() {
    assertEquals("0 --help", text(attempt(sh("printf '%s ' $#; cat", "{prompt}"), "--help")));
  }

  @Test
  void aPromptOverTheKernelsLimitGoesThroughStdin() {
    var answer = text(attempt(sh("printf '%s ' $#; wc -c", "{prompt}"), "x".repeat(2_000_000)));

    assertEquals("0 2000000", answer.replaceAll(" +", " "));
  }

  @Test
  void jsonLinesStreamAndTheLastTextWins() {
    var cli =
        sh(
            """
            echo '{"session":"abc"}'
            echo 'a stray banner'
            echo '{"delta":{"text":"hel"}}'
            echo '{"delta":{"text":"lo"}}'
            echo '{"result":"hello","usage":{"in":3,"out":5}}'
            """);

    var answered = assertInstanceOf(Answered.class, attempt(json(cli, OutputFormat.JSONL), "hi"));

    assertEquals("hello", answered.answer().text());
    assertEquals(Optional.of("abc"), answered.sessionRef());
    assertEquals(5, answered.answer().usage().outputTokens().orElseThrow());
    assertEquals(List.of(new BackendEvent.Output("hel"), new BackendEvent.Output("lo")), events);
  }

  @Test
  void oneJsonDocumentMayHaveManyLines() {
    var cli = json(sh("printf '{\\n\"result\":\\n\"fine\"\\n}\\n'"), OutputFormat.JSON);

    assertEquals("fine", text(attempt(cli, "hi")));
  }

  @Test
  void anErrorFieldIsAFailureWhateverTheExitCode() {
    var cli = json(sh("echo '{\"error\":{\"message\":\"no money\"}}'"), OutputFormat.JSONL);

    var reported = assertInstanceOf(FailureSignal.CliReported.class, signal(attempt(cli, "hi")));

    assertEquals("no money", reported.message());
  }

  @Test
  void garbageWhereJsonWasPromisedIsABrokenProtocol() {
    var cli = json(sh("echo this is not json"), OutputFormat.JSONL);

    var broken = assertInstanceOf(FailureSignal.ProtocolBroken.class, signal(attempt(cli, "hi")));

    assertTrue(broken.message().contains("this is not json"), broken.message());
  }

  @Test
  void exitCodeOneIsToldWithItsStderr() {
    var ended =
        assertInstanceOf(
            FailureSignal.ProcessEnded.class,
            signal(attempt(sh("echo broken pipe dream >&2; exit 1"), "hi")));

    assertEquals(1, ended.exitCode());
    assertEquals("broken pipe dream\n", ended.stderrExcerpt());
  }

  @Test
  void deathByASignalIsToldAsOne() {
    var ended =
        assertInstanceOf(
            FailureSignal.ProcessEnded.class, signal(attempt(sh("kill -SEGV $$"), "hi")));

    assertEquals(Optional.of(11), ended.signal());
  }

  @Test
  void anEmptyAnswerIsNoAnswer() {
    assertEquals(new FailureSignal.AnsweredNothing(), signal(attempt(sh("true"), "hi")));
  }

  @Test
  void aMissingProgramIsNamed() {
    var failed =
        assertInstanceOf(
            FailureSignal.SpawnFailed.class,
            signal(attempt(TestSettings.cli("cli", "no-such-cli"), "hi")));

    assertEquals("no-such-cli", failed.program());
  }

  @Test
  void aHangingCliRunsIntoItsOwnLimit() {
    var limits =
        new TimeLimits(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20));
    var waits = sh("echo 'open this page to sign in' >&2; sleep 60");
    var cli = copy(waits, PromptChannel.STDIN, OutputFormat.TEXT, limits);

    var late = assertInstanceOf(FailureSignal.TimedOut.class, signal(attempt(cli, "hi")));

    assertEquals(Limit.FIRST_OUTPUT, late.limit());
    assertEquals("open this page to sign in\n", late.stderr());
  }

  @Test
  void aFloodIsTooMuchOutput() {
    assertEquals(
        new FailureSignal.TooMuchOutput(1 << 20),
        signal(attempt(sh("head -c 100000000 /dev/zero | tr '\\0' x"), "hi")));
  }

  @Test
  void aNewSessionGetsAnIdOfOursAndALaterTurnResumesIt() {
    var cli = copy(sh("echo \"$@\""), PromptChannel.STDIN, OutputFormat.TEXT, TestSettings.LIMITS);
    var first = assertInstanceOf(Answered.class, attempt(cli, "hi"));
    var ref = first.sessionRef().orElseThrow();
    assertEquals("new " + ref, first.answer().text());

    resume = Optional.of(ref);

    assertEquals("resume " + ref, text(attempt(cli, "again")));
  }

  @Test
  void theModelGoesThroughItsAlias() {
    candidate = new Candidate(candidate.backend(), Optional.of("big"), Optional.empty());
    var cli = copy(sh("echo \"$*\""), PromptChannel.STDIN, OutputFormat.TEXT, TestSettings.LIMITS);

    assertTrue(text(attempt(cli, "hi")).endsWith("--model big-2"));
  }

  @Test
  void theSystemPromptIsAFileThatOnlyWeCanReadAndThatIsGoneAfterwards() {
    systemPrompt = Optional.of("be kind");
    var cli =
        copy(
            sh("stat -c '%a %n' \"$4\"; cat \"$4\""),
            PromptChannel.STDIN,
            OutputFormat.TEXT,
            TestSettings.LIMITS);

    var answer = text(attempt(cli, "hi"));

    assertTrue(answer.startsWith("600 "), answer);
    assertTrue(answer.endsWith("be kind"), answer);
    assertFalse(Files.exists(Path.of(answer.lines().findFirst().orElseThrow().substring(4))));
  }

  @Test
  void aCliWithoutMemoryIsToldTheConversation() {
    history = List.of(new Exchange("my name is Ann", "hello Ann"));

    var heard = text(attempt(sh("cat"), "who am I?"));

    assertTrue(heard.contains("my name is Ann"), heard);
    assertTrue(heard.endsWith("who am I?"), heard);
  }

  @Test
  void aCredentialComesInTheEnvironmentAndNowhereElse() {
    candidate =
        new Candidate(candidate.backend(), Optional.empty(), Optional.of(new AuthProfileId("key")));

    var seen = text(attempt(sh("echo $ANTHROPIC_API_KEY; tr '\\0' ' ' < /proc/$$/cmdline"), "hi"));

    assertTrue(seen.startsWith("s3cret-value\n"), "the credential is in the environment");
    assertFalse(seen.substring(12).contains("s3cret"), "and not in the arguments");
  }

  @Test
  void aMissingCredentialFailsClosed() {
    candidate =
        new Candidate(
            candidate.backend(), Optional.empty(), Optional.of(new AuthProfileId("nobody")));

    assertInstanceOf(FailureSignal.ConfigMissing.class, signal(attempt(sh("echo ran"), "hi")));
    assertEquals(List.of(), events);
  }

  @Test
  void eachSessionHasAHomeAndATemporaryDirectoryOfItsOwn() {
    var seen = text(attempt(sh("echo $HOME $TMPDIR; stat -c %a $HOME"), "hi"));

    assertTrue(seen.startsWith(data.resolve("sessions/1/home").toString()), seen);
    assertTrue(seen.endsWith("700"), seen);
    var temporary = Path.of(seen.lines().findFirst().orElseThrow().split(" ", 2)[1]);
    assertFalse(Files.exists(temporary), "TMPDIR goes with the attempt");
  }
}
