package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.BackendEvent;
import dev.turnout.failure.FailureSignal.CliReported;
import dev.turnout.failure.FailureSignal.ProcessEnded;
import dev.turnout.failure.FailureSignal.ProtocolBroken;
import dev.turnout.failure.FailureSignal.Refused;
import dev.turnout.failure.FailureSignal.SessionUnknown;
import dev.turnout.failure.FailureSignal.Unreachable;
import dev.turnout.process.ExitStatus;
import dev.turnout.turn.Usage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaudeReaderTest {
  @Test
  void answerIsStreamedInPiecesAndEndsWithSessionAndUsage() {
    var turn = played("ok", 0);

    assertEquals("FAKE-OK turn=1 model=claude-fake", turn.answered().answer().text());
    assertEquals(
        List.of("FAKE-OK turn=1 m", "odel=claude-fake"),
        turn.events(BackendEvent.Output.class).stream().map(BackendEvent.Output::text).toList());
    assertEquals(
        new Usage(OptionalLong.of(100), OptionalLong.of(20), OptionalLong.of(0)),
        turn.answered().answer().usage());
    assertTrue(turn.answered().sessionRef().isPresent());
  }

  @Test
  void toolCallAndItsResultAreToldAndOnlyTheLastMessageIsTheAnswer() {
    var turn = played("tool", 0);

    var started = turn.events(BackendEvent.ToolStarted.class).getFirst();
    assertEquals("Bash", started.name());
    assertTrue(started.input().contains("echo hi"), started.input());
    assertEquals(
        List.of(new BackendEvent.ToolEnded(started.id(), false, "hi")),
        turn.events(BackendEvent.ToolEnded.class));
    assertEquals("FAKE-TOOL-DONE result=hi", turn.answered().answer().text());
    assertEquals("calling a tool\n\nFAKE-TOOL-DONE result=hi", turn.streamed());
  }

  @Test
  void deniedToolIsAFailedToolAndANotice() {
    var turn = played("tool-denied", 143);

    assertTrue(turn.events(BackendEvent.ToolEnded.class).getFirst().failed());
    assertEquals(
        List.of(new BackendEvent.Notice("claude was not allowed to use Bash")),
        turn.events(BackendEvent.Notice.class));
    // The recording ends here, as if the process had been stopped.
    assertEquals(Optional.of(15), turn.failed(ProcessEnded.class).signal());
  }

  @Test
  void retryWithinIsANoticeAndNoFailure() {
    var turn = played("retried", 0);

    assertEquals(
        List.of(new BackendEvent.Notice("claude asks its API again: HTTP 500, server_error")),
        turn.events(BackendEvent.Notice.class));
    assertEquals("FAKE-OK turn=1 model=claude-fake", turn.answered().answer().text());
  }

  /** The CLI's own result line holds the last part alone. */
  @Test
  void messageThatTheCliContinuedIsAnsweredAsAWhole() {
    var turn = played("continued", 0);

    var whole = "FAKE-OK turn=1 model=claude-fakeFAKE-OK turn=2 model=claude-fake";
    assertEquals(whole, turn.answered().answer().text());
    assertEquals(whole, turn.streamed());
  }

  @ParameterizedTest
  @CsvSource({
    "http-400-usage,  api_error_status, 400",
    "http-400-usage,  assistant.error,  unknown",
    "http-400-credit, assistant.error,  billing_error",
    "http-401,        api_error_status, 401",
    "http-401,        api_error_type,   authentication_error",
    "http-529,        api_error_status, 529",
    "prompt-too-long, terminal_reason,  prompt_too_long",
    "stalled,         api_error,        stream_idle_timeout",
    "timed-out,       assistant.error,  server_error",
    "cut-off,         api_error,        max_output_tokens",
    "not-logged-in,   assistant.error,  authentication_failed",
    "usage-limit,     api_error,        usage_limit_reached",
    "usage-limit,     rate_limit.rateLimitType, five_hour",
  })
  void apiErrorKeepsItsStructuredFacts(String recording, String fact, String value) {
    var reported = played(recording, 1).failed(CliReported.class);

    assertEquals(value, reported.fields().get(fact), reported::toString);
    assertEquals("claude", reported.cli());
  }

  @Test
  void usageLimitSaysWhenItResetsInEpochSeconds() {
    var reset = played("usage-limit", 1).failed(CliReported.class).fields();

    assertTrue(Long.parseLong(reset.get("rate_limit.resetsAt")) > 1_700_000_000L, reset::toString);
  }

  /** It says "success" of every API error. */
  @Test
  void subtypeIsNoFact() {
    assertFalse(played("http-401", 1).failed(CliReported.class).fields().containsKey("subtype"));
  }

  @Test
  void brokenConnectionIsUnreachable() {
    assertTrue(played("dropped", 1).failed(Unreachable.class).message().contains("ECONNRESET"));
  }

  @Test
  void refusalIsARefusalThoughReportedAsAnApiError() {
    assertEquals("refusal", played("refusal", 1).failed(Refused.class).stopReason());
  }

  @Test
  void unknownSessionIsSaidInAResultLine() {
    var unknown = played("session-unknown", 1).failed(SessionUnknown.class);

    assertTrue(unknown.sessionRef().matches("[0-9a-f-]{36}"), unknown.sessionRef());
  }

  @Test
  void answerOfTheCliItselfIsNoAnswerOfTheModel() {
    var broken = played("local-command", 0).failed(ProtocolBroken.class);

    assertTrue(broken.message().contains("/clear isn't available"), broken.message());
  }

  private static void message(ClaudeReader reader, String text, String stopReason) {
    for (var event :
        List.of(
            "{\"type\":\"message_start\"}",
            "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"%s\"}}"
                .formatted(text),
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"%s\"}}"
                .formatted(stopReason))) {
      reader.line("{\"type\":\"stream_event\",\"event\":" + event + "}", _ -> {});
    }
  }

  private static void result(ClaudeReader reader, String text) {
    reader.line(
        "{\"type\":\"result\",\"is_error\":false,\"result\":\"%s\"}".formatted(text), _ -> {});
  }

  /** As of a turn that was told more while it worked. */
  @Test
  void eachOfTwoResultsKeepsThePartsBeforeIt() {
    var reader = new ClaudeReader();
    message(reader, "A1", "max_tokens");
    message(reader, "A2", "end_turn");
    result(reader, "A2");
    message(reader, "B1", "max_tokens");
    message(reader, "B2", "end_turn");
    result(reader, "B2");

    var answered =
        assertInstanceOf(AttemptResult.Answered.class, reader.end(new ExitStatus.Exited(0), ""));

    assertEquals("A1A2\n\nB1B2", answered.answer().text());
  }

  private static Recording played(String name, int exitCode) {
    return Recording.played(new ClaudeReader(), "claude/" + name, exitCode, "");
  }
}
