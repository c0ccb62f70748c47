package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.failure.FailureClassifier;
import dev.turnout.livesession.LiveState;
import dev.turnout.process.Leftovers;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.settings.WrittenSettings;
import dev.turnout.testing.TestLive;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A CLI that speaks as Claude Code does and lives, and that misbehaves in its second turn: what the
 * turn's failure is called, and that nothing is left of it.
 */
@Timeout(120)
class LiveClaudeTroubleTest {
  private static final String FAKE_CLAUDE =
      """
      #!/bin/sh
      while [ $# -gt 0 ]; do
        case "$1" in --session-id|--resume) session="$2" ;; esac
        shift
      done
      field() { printf '%s' "$line" | sed 's/.*"'$1'":"\\([^"]*\\)".*/\\1/'; }
      begin() { echo '{"type":"system","subtype":"init","session_id":"'$session'","user_message_uuid":"'$id'"}'; }
      result() { printf '{"type":"result","subtype":"success","is_error":false,"session_id":"'$session'","user_message_uuids":["'$id'"],"result":"'"$1"'"}\\n'; }
      stubborn_child() { (trap '' TERM; exec setsid sleep 300) & }
      while read -r line; do
        case "$line" in
          *'"subtype":"initialize"'*)
            echo '{"type":"control_response","response":{"subtype":"success","request_id":"'$(field request_id)'"}}' ;;
          *'"type":"user"'*)
            id=$(field uuid)
            begin
            case "$(field text)" in
              twice) result one; result two ;;
              bytes) result 'x\\377\\376x' ;;
              fork) stubborn_child; sleep 300 & result forked ;;
              nothing) result '' ;;
              silent) sleep 300 ;;
              stubborn) trap '' TERM; stubborn_child; sleep 300; sleep 300 ;;
              half) printf '{"type":"resu'; sleep 300 ;;
              half-and-die) printf '{"type":"resu'; exit 0 ;;
              die) echo 'it hurts' >&2; exit 3 ;;
              hold-and-die) stubborn_child; exit 3 ;;
              mute) exec >&-; sleep 300 ;;
              flood) head -c 50000000 /dev/zero | tr '\\0' x; echo; result flooded ;;
              *) result "said" ;;
            esac ;;
        esac
      done
      """;

  @TempDir private Path data;
  private TestLive live;
  private Path program;
  private Optional<String> conversation = Optional.empty();

  @BeforeEach
  void open() throws IOException {
    live = new TestLive(data, Clock.systemUTC());
    program = data.resolve("fake-claude");
    Files.writeString(program, FAKE_CLAUDE);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  @AfterEach
  void nothingIsLeft() {
    live.close();
    assertEquals(0, Leftovers.endAll(data.toString()));
    assertEquals(List.of(), live.ledger.owners());
  }

  /** A turn; what it may take is no part of what a process was started with. */
  private AttemptResult ask(String prompt, String limit) {
    var key = "turnout.backends.cli.";
    var settings =
        WrittenSettings.of(
            Map.of(
                key + "kind", "claude",
                key + "command", program.toString(),
                key + "live.enabled", "true",
                key + "max-output-bytes", "1000000",
                key + "grace", "100ms",
                key + "limits.first-output", limit,
                key + "limits.idle", limit));
    var cli = new BackendId("cli");
    var request =
        new AttemptRequest(
            new TurnId(UUID.randomUUID()),
            new SessionId(1),
            new Candidate(cli, Optional.empty(), Optional.empty()),
            prompt,
            Optional.empty(),
            List.of(),
            conversation,
            Optional.empty());
    var profiles = new AuthProfiles(() -> settings, _ -> Optional.empty());
    return new CliBackendProvider(profiles, live.ledger, live.sessions, data.toString())
        .open((Cli) settings.backend(cli).orElseThrow())
        .orElseThrow()
        .attempt(request, _ -> {});
  }

  private String answer(String prompt) {
    var result = ask(prompt, "30s");
    var answered = assertInstanceOf(AttemptResult.Answered.class, result, result::toString);
    conversation = answered.sessionRef();
    return answered.answer().text();
  }

  private static String reason(AttemptResult result) {
    var failed = assertInstanceOf(AttemptResult.Failed.class, result, result::toString);
    return new FailureClassifier().classify(failed.signal(), Instant.EPOCH).reason().code();
  }

  private boolean lives() {
    return live.sessions.list().stream()
        .anyMatch(view -> !(view.state() instanceof LiveState.Closed));
  }

  @ParameterizedTest
  @CsvSource({
    "silent, timeout_first_output",
    "stubborn, timeout_first_output",
    "half, timeout_first_output",
    "half-and-die, protocol_error",
    "die, process_crashed",
    "hold-and-die, process_crashed",
    "mute, protocol_error",
    "flood, output_limit",
  })
  void troubleHasItsReasonAndTakesTheProcessWithAllThatItForked(String trouble, String reason) {
    assertEquals("said", answer("hello"));

    assertEquals(reason, reason(ask(trouble, "2s")));

    assertTrue(!lives(), "the process lives on");
    assertEquals(0, Leftovers.endAll(data.toString()));
    assertEquals(List.of(), live.ledger.owners());
    assertEquals("said", answer("hello again"));
  }

  @Test
  void refusedGreetingFailsTheTurnWithoutAWait() throws IOException {
    Files.writeString(
        program,
        FAKE_CLAUDE.replace(
            "{\"subtype\":\"success\",\"request_id\"",
            "{\"subtype\":\"error\",\"error\":\"no such mode\",\"request_id\""));

    var failed = assertInstanceOf(AttemptResult.Failed.class, ask("hello", "30s"));

    var failure = new FailureClassifier().classify(failed.signal(), Instant.EPOCH);
    assertEquals("protocol_error", failure.reason().code());
    assertEquals("claude: initialize was refused: no such mode", failure.summary());
    assertTrue(!lives(), "the process lives on");
  }

  @Test
  void secondResultBelongsToNobody() {
    assertEquals("one", answer("twice"));
    assertEquals("said", answer("hello"));
  }

  @Test
  void whatIsNotUtf8IsReplaced() {
    assertEquals("x\ufffd\ufffdx", answer("bytes"));
  }

  @Test
  void emptyAnswerIsNamedAndTheProcessLivesOn() {
    assertEquals("empty_response", reason(ask("nothing", "30s")));
    assertTrue(lives());
  }

  /** One child ignores SIGTERM in a session of its own; the other holds the pipes. */
  @Test
  void whatItForkedEndsWithIt() {
    assertEquals("forked", answer("fork"));
    assertTrue(lives());

    live.close();

    assertEquals(0, Leftovers.endAll(data.toString()));
  }
}
