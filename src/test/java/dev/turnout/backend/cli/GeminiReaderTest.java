package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.backend.BackendEvent;
import dev.turnout.failure.FailureSignal.CliReported;
import dev.turnout.failure.FailureSignal.ProcessEnded;
import dev.turnout.failure.FailureSignal.ProtocolBroken;
import dev.turnout.failure.FailureSignal.Unreachable;
import dev.turnout.process.ExitStatus;
import dev.turnout.turn.Usage;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeminiReaderTest {
  private static final String STARTUP_NOISE =
      """
      Warning: 256-color support not detected. Using a terminal with at least 256-color support is \
      recommended for a better visual experience.
      Ripgrep is not available. Falling back to GrepTool.
      [STARTUP] Phase 'cleanup_ops' was started but never ended. Skipping metrics.
      """;

  @Test
  void answerIsStreamedInPiecesAndEndsWithSessionAndUsage() {
    var turn = played("ok", 0, "");

    assertEquals("FAKE-OK turn=1 model=gemini-2.5-flash", turn.answered().answer().text());
    assertEquals(3, turn.events(BackendEvent.Output.class).size());
    assertEquals(
        new Usage(OptionalLong.of(100), OptionalLong.of(20), OptionalLong.of(0)),
        turn.answered().answer().usage());
    assertTrue(turn.answered().sessionRef().isPresent());
  }

  @Test
  void toolIsToldAndOnlyWhatFollowsItIsTheAnswer() {
    var turn = played("tool", 0, "");

    var started = turn.events(BackendEvent.ToolStarted.class).getFirst();
    assertEquals("list_directory", started.name());
    assertEquals(
        new BackendEvent.ToolEnded(started.id(), false, "Directory is empty."),
        turn.events(BackendEvent.ToolEnded.class).getFirst());
    assertEquals("FAKE-TOOL-DONE result=is empty", turn.answered().answer().text());
    assertEquals("calling a tool\n\nFAKE-TOOL-DONE result=is empty", turn.streamed());
  }

  @ParameterizedTest
  @CsvSource({
    "http-401, 145, api_error_status, 401",
    "http-401, 145, api_error_type,   UNAUTHENTICATED",
    "http-429, 173, api_error_status, 429",
    "http-429, 173, retry_after_seconds, 60",
    "http-503, 247, api_error_status, 503",
  })
  void apiErrorIsReadFromItsBodyOrTheExitCode(
      String recording, int exitCode, String fact, String value) {
    var reported = played(recording, exitCode, "").failed(CliReported.class);

    assertEquals(value, reported.fields().get(fact), reported::toString);
  }

  @Test
  void unknownModelIsKnownByTheExceptionOnStderr() {
    var stderr = "… ModelNotFoundError: model: fake-missing-model\n    at classifyGoogleError";

    var reported = played("http-404", 1, stderr).failed(CliReported.class);

    assertEquals("404", reported.fields().get("api_error_status"));
    assertEquals("model: fake-missing-model", reported.message());
  }

  @Test
  void droppedStreamIsUnreachable() {
    assertEquals("terminated", played("dropped", 1, "").failed(Unreachable.class).message());
  }

  /** With exit code 0. */
  @Test
  void streamWithoutAFinishReasonIsAFailure() {
    var reported = played("no-finish-reason", 0, "").failed(CliReported.class);

    assertEquals("Model stream ended without a finish reason.", reported.message());
  }

  @Test
  void noCredentialIsSaidByItsExitCode() {
    var reader = new GeminiReader();

    var result =
        new Recording(
            List.of(),
            reader.end(
                new ExitStatus.Exited(41),
                STARTUP_NOISE + "When using Gemini API, you must specify the key"));

    var reported = result.failed(CliReported.class);
    assertEquals("41", reported.fields().get("exit_code"));
    assertEquals("When using Gemini API, you must specify the key", reported.message());
  }

  @Test
  void unknownSessionIsTheEndOfAProcessWithoutNoise() {
    var result =
        new GeminiReader()
            .end(
                new ExitStatus.Exited(42),
                STARTUP_NOISE + "Error resuming session: Invalid session identifier \"x\".");

    var ended = new Recording(List.of(), result).failed(ProcessEnded.class);
    assertTrue(ended.stderrExcerpt().startsWith("Error resuming session"), ended::toString);
  }

  /** It exits with 0 and no result line when it is told to stop. */
  @Test
  void noResultLineIsNoAnswer() {
    var result = new GeminiReader().end(new ExitStatus.Exited(0), "");

    new Recording(List.of(), result).failed(ProtocolBroken.class);
  }

  private static Recording played(String name, int exitCode, String stderr) {
    return Recording.played(new GeminiReader(), "gemini/" + name, exitCode, stderr);
  }
}
