package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureClassifier;
import dev.turnout.failure.FailureSignal;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What real CLIs wrote when their API failed, from their lines to the reason. */
class SurveyedErrorsTest {
  /** Shortly before the recordings were made. */
  private static final Instant NOW = Instant.parse("2026-11-21T02:30:00Z");

  @ParameterizedTest
  @CsvSource({
    "http-400-usage,  billing",
    "http-400-credit, billing",
    "http-401,        auth_invalid",
    "http-529,        overloaded",
    "prompt-too-long, context_overflow",
    "stalled,         timeout_idle",
    "timed-out,       timeout_first_output",
    "cut-off,         output_limit",
    "not-logged-in,   auth_invalid",
    "usage-limit,     quota_window",
    "dropped,         network",
    "refusal,         refusal",
    "session-unknown, session_lost",
    "local-command,   protocol_error",
  })
  void claudesErrorIsWhatTheSurveySays(String recording, String reason) {
    assertEquals(reason, claude(recording).reason().code());
  }

  @Test
  void claudesUsageLimitEndsWhenItsEventSays() {
    assertEquals(
        Optional.of(Instant.ofEpochSecond(1_795_247_414)), claude("usage-limit").retryAt());
  }

  @ParameterizedTest
  @CsvSource({
    "http-400,    invalid_request",
    "http-401,    auth_invalid",
    "http-500,    server_error",
    "usage-limit, quota_window",
    "context,     context_overflow",
    "incomplete,  output_limit",
    "dropped,     network",
    "no-key,      backend_config_missing",
  })
  void codexsErrorIsWhatTheSurveySays(String recording, String reason) {
    var played = Recording.played(new CodexReader(Optional.empty()), "codex/" + recording, 1, "");

    assertEquals(reason, judged(played).reason().code());
  }

  @ParameterizedTest
  @CsvSource({
    "http-401,         145, auth_invalid",
    "http-429,         173, rate_limit",
    "http-503,         247, overloaded",
    "dropped,          1,   network",
    "no-finish-reason, 0,   server_error",
  })
  void geminisErrorIsWhatTheSurveySays(String recording, int exitCode, String reason) {
    var played = Recording.played(new GeminiReader(), "gemini/" + recording, exitCode, "");

    assertEquals(reason, judged(played).reason().code());
  }

  @Test
  void geminisRateLimitEndsWhenItsWordsSay() {
    var played = Recording.played(new GeminiReader(), "gemini/http-429", 173, "");

    assertEquals(Optional.of(NOW.plusSeconds(60)), judged(played).retryAt());
  }

  private static Failure claude(String recording) {
    return judged(Recording.played(new ClaudeReader(), "claude/" + recording, 1, ""));
  }

  private static Failure judged(Recording played) {
    return new FailureClassifier().classify(played.failed(FailureSignal.class), NOW);
  }
}
