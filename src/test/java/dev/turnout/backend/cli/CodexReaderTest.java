package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.backend.BackendEvent;
import dev.turnout.failure.FailureSignal;
import dev.turnout.failure.FailureSignal.CliReported;
import dev.turnout.failure.FailureSignal.ConfigMissing;
import dev.turnout.failure.FailureSignal.SessionUnknown;
import dev.turnout.failure.FailureSignal.Unreachable;
import dev.turnout.turn.Usage;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodexReaderTest {
  /** An item of type error comes with it, because the model's name is unknown to the CLI. */
  @Test
  void answerComesAsAWholeWithItsThreadAndUsage() {
    var turn = played("ok", 0);

    assertEquals("FAKE-OK turn=2 model=fake-model", turn.answered().answer().text());
    assertEquals("FAKE-OK turn=2 model=fake-model", turn.streamed());
    assertEquals(
        new Usage(OptionalLong.of(100), OptionalLong.of(20), OptionalLong.of(0)),
        turn.answered().answer().usage());
    assertTrue(turn.answered().sessionRef().isPresent());
  }

  @Test
  void usageOfAResumedThreadIsNotTheTurns() {
    var thread = played("ok", 0).answered().sessionRef();

    var again = Recording.played(new CodexReader(thread), "codex/ok", 0, "");

    assertEquals(Usage.UNKNOWN, again.answered().answer().usage());
  }

  @Test
  void anotherThreadThanTheResumedOneIsStoppedBeforeItActs() {
    var turn = Recording.played(new CodexReader(Optional.of("my-name")), "codex/tool", 0, "");

    assertEquals("my-name", turn.failed(SessionUnknown.class).sessionRef());
    assertEquals(0, turn.events().size());
  }

  @Test
  void commandIsAToolAndOnlyTheLastMessageIsTheAnswer() {
    var turn = played("tool", 0);

    var started = turn.events(BackendEvent.ToolStarted.class).getFirst();
    assertEquals("command_execution", started.name());
    assertEquals("/bin/bash -lc 'echo hi'", started.input());
    var ended = turn.events(BackendEvent.ToolEnded.class).getFirst();
    assertEquals(new BackendEvent.ToolEnded(started.id(), false, "hi\n"), ended);
    assertTrue(turn.answered().answer().text().startsWith("FAKE-TOOL-DONE"));
    assertTrue(turn.streamed().startsWith("calling a tool\n\nFAKE-TOOL-DONE"));
  }

  @Test
  void commandThatFailedIsAFailedTool() {
    assertTrue(played("tool-failed", 0).events(BackendEvent.ToolEnded.class).getFirst().failed());
  }

  @ParameterizedTest
  @CsvSource({
    "http-401,     api_error_status, 401",
    "http-401,     codex_error_info, httpConnectionFailed",
    "http-400,     api_error_status, 400",
    "http-400,     api_error_type,   invalid_request_error",
    "http-500,     codex_error_info, internalServerError",
    "usage-limit,  codex_error_info, usageLimitExceeded",
    "usage-limit,  try_again_at,     7:52 AM",
    "context,      codex_error_info, contextWindowExceeded",
    "stream-error, codex_error_info, responseStreamDisconnected",
    "incomplete,   incomplete_reason, max_output_tokens",
  })
  void sentenceBecomesFacts(String recording, String fact, String value) {
    var reported = played(recording, 1).failed(CliReported.class);

    assertEquals(value, reported.fields().get(fact), reported::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Selected model is at capacity. Please try a different model.|serverOverloaded",
        "rate limit exceeded: rate|rateLimitExceeded",
        "Quota exceeded. Check your plan and billing details.|usageLimitExceeded",
        "exceeded retry limit, last status: 429 Too Many Requests|responseTooManyFailedAttempts",
        "The model `x` does not exist or you do not have access to it.|modelNotFound",
        "stream disconnected before completion: idle timeout waiting for SSE|streamIdleTimeout",
      })
  void itsOtherSentencesAreKnownToo(String message, String type) {
    assertEquals(type, facts(message).fields().get("codex_error_info"));
  }

  /** What the provider or a user wrote is quoted in some of them. */
  @Test
  void wordsWithinASentenceDecideNothing() {
    assertNull(facts("hm, You've hit your usage limit").fields().get("codex_error_info"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection failed: error sending request",
        "stream disconnected before completion: error sending request",
        "stream disconnected before completion: stream closed before response.completed",
      })
  void noConnectionIsUnreachable(String message) {
    assertEquals(new Unreachable(message), CodexFailures.read(message));
  }

  @Test
  void droppedStreamIsUnreachable() {
    played("dropped", 1).failed(Unreachable.class);
  }

  @Test
  void missingKeyIsMissingConfiguration() {
    assertTrue(played("no-key", 1).failed(ConfigMissing.class).what().contains("OPENAI_API_KEY"));
  }

  private static CliReported facts(String message) {
    FailureSignal signal = CodexFailures.read(message);
    return (CliReported) signal;
  }

  private static Recording played(String name, int exitCode) {
    return Recording.played(new CodexReader(Optional.empty()), "codex/" + name, exitCode, "");
  }
}
