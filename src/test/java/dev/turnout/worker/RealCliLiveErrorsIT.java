package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.events.TurnEvent;
import dev.turnout.livesession.LiveState;
import dev.turnout.livesession.LiveView;
import dev.turnout.turn.TurnState;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a failure of the API is called when it meets a CLI that lives, and what becomes of that. */
@Tag("real-cli")
@Timeout(120)
class RealCliLiveErrorsIT {
  @TempDir private Path data;
  private @Nullable RealCliFixture open;

  @AfterEach
  void stop() {
    if (open != null) {
      open.close();
    }
  }

  private static Optional<Long> pid(RealCliFixture turnout) {
    return turnout.live.sessions.list().stream()
        .filter(view -> !(view.state() instanceof LiveState.Closed))
        .map(LiveView::pid)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "e400, invalid_request",
    "e400usage, billing",
    "e400usage2, billing",
    "e400credit, billing",
    "e400toolong, context_overflow",
    "e401, auth_invalid",
    "e402, billing",
    "e403, permission",
    "e404, model_not_found",
    "e413, request_too_large",
    "e429, rate_limit",
    "e500, server_error",
    "e502, server_error",
    "e503, overloaded",
    "e529, overloaded",
    "sseerror, overloaded",
    "dropnow, network",
    "drop, network",
    "empty, server_error",
    "garbage, server_error",
    "maxtokens, output_limit",
    "refusal, refusal",
  })
  void claudeTellsTheTruthAndLivesOn(String behaviour, String reason) throws InterruptedException {
    tellsTheTruthAndLivesOn(RealCli.CLAUDE, behaviour, reason);
  }

  @ParameterizedTest
  @CsvSource({
    "e400, invalid_request",
    "e400usage, billing",
    "e400credit, billing",
    "e400toolong, context_overflow",
    "e401, auth_invalid",
    "e402, billing",
    "e403, permission",
    "e404, model_not_found",
    "e413, request_too_large",
    "e429, rate_limit",
    "e429quota, quota_window",
    "e500, server_error",
    "e502, server_error",
    "e503, overloaded",
    "e529, overloaded",
    "sseerror, server_error",
    "dropnow, network",
    "drop, network",
    "empty, network",
    "garbage, network",
    "maxtokens, output_limit",
    "refusal, content_policy",
  })
  void codexTellsTheTruthAndLivesOn(String behaviour, String reason) throws InterruptedException {
    tellsTheTruthAndLivesOn(RealCli.CODEX, behaviour, reason);
  }

  @ParameterizedTest
  @CsvSource({
    "e400, invalid_request",
    "e400usage, billing",
    "e400credit, billing",
    "e400toolong, context_overflow",
    "e401, auth_invalid",
    "e402, billing",
    "e403, permission",
    "e404, model_not_found",
    "e413, request_too_large",
    "e429, rate_limit",
    "e429quota, quota_window",
    "e500, server_error",
    "e502, server_error",
    "e503, overloaded",
    "e529, overloaded",
    "dropnow, network",
    "drop, network",
    "garbage, server_error",
    // It hides in ACP why an answer was empty.
    "empty, empty_response",
  })
  void geminiTellsTheTruthAndLivesOn(String behaviour, String reason) throws InterruptedException {
    tellsTheTruthAndLivesOn(RealCli.GEMINI, behaviour, reason);
  }

  /** An error within the stream is the end of an answer to it, and a good one. */
  @Test
  void geminiHidesWhatCutAnAnswerOffAndTheCallerIsWarned() throws InterruptedException {
    open = new RealCliFixture(RealCli.GEMINI, data, living(Map.of()));
    var turnout = open;
    var session = turnout.session("s");
    turnout.ask(session, "the first question");
    turnout.api.next("sseerror");

    var turn = turnout.submit(session, "a question that is half answered");
    turnout.end(turn, TurnState.SUCCEEDED);

    assertTrue(
        turnout.replica.q.stored(turn).stream()
            .anyMatch(
                stored ->
                    stored.event() instanceof TurnEvent.Notice(var text)
                        && text.contains("may have been cut off")));
  }

  @ParameterizedTest
  @CsvSource({
    "CLAUDE, hang, timeout_first_output",
    "CODEX, hang, timeout_first_output",
    "GEMINI, hang, timeout_first_output",
    "CLAUDE, stall, timeout_idle",
    "CODEX, stall, timeout_idle",
    "GEMINI, stall, timeout_idle",
  })
  void apiThatFallsSilentIsGivenUpAndTheProcessLivesOn(RealCli cli, String behaviour, String reason)
      throws InterruptedException {
    open =
        new RealCliFixture(
            cli,
            data,
            living(
                Map.of(
                    "turnout.backends.cli.limits.first-output", "8s",
                    "turnout.backends.cli.limits.idle", "8s")));
    failsAndLivesOn(open, behaviour, reason);
  }

  private void tellsTheTruthAndLivesOn(RealCli cli, String behaviour, String reason)
      throws InterruptedException {
    open = new RealCliFixture(cli, data, living(Map.of()));
    failsAndLivesOn(open, behaviour, reason);
  }

  private static Map<String, String> living(Map<String, String> more) {
    var living = new HashMap<>(more);
    living.put("turnout.backends.cli.live.enabled", "true");
    living.put("turnout.fallback.retry-budget", "0s");
    return living;
  }

  private static void failsAndLivesOn(RealCliFixture turnout, String behaviour, String reason)
      throws InterruptedException {
    var session = turnout.session("s");
    turnout.ask(session, "the first question");
    var pid = pid(turnout);
    turnout.api.otherwise(behaviour);

    var failed =
        assertInstanceOf(
            TurnEvent.Failed.class,
            turnout.end(turnout.submit(session, "a question that fails"), TurnState.FAILED));

    assertEquals(reason, failed.failure().reason().code(), failed::toString);
    assertTrue(turnout.api.modelRequests().size() >= 2);
    assertEquals(pid, pid(turnout));
  }
}
