package dev.turnout.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.failure.FailureSignal.CliReported;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Facts as the readers of the CLIs give them; the CLIs themselves are driven by RealCliErrorsIT.
 */
class CliFailuresTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "api_error_status=400 assistant.error=unknown | You're out of extra usage. | BILLING",
        "api_error_status=400 assistant.error=billing_error | Credit balance is too low | BILLING",
        "api_error_status=400 assistant.error=unknown | some field is invalid | INVALID_REQUEST",
        "api_error_status=400 terminal_reason=prompt_too_long | Prompt too long | CONTEXT_OVERFLOW",
        "api_error_status=429 api_error=usage_limit_reached | hit your limit | QUOTA_WINDOW",
        "api_error_status=429 assistant.error=rate_limit | rejected (429) | RATE_LIMIT",
        "api_error=stream_idle_timeout | Stream idle timeout | TIMEOUT_IDLE",
        "api_error=max_output_tokens | exceeded the maximum | OUTPUT_LIMIT",
        "assistant.error=authentication_failed | Not logged in | AUTH_INVALID",
        "assistant.error=account_on_hold | on hold | PERMISSION",
        "assistant.error=server_error | Request timed out. Try again | TIMEOUT_FIRST_OUTPUT",
        "assistant.error=unknown terminal_reason=api_error | Unexpected end | SERVER_ERROR",
        "terminal_reason=max_turns | too many turns | PROTOCOL_ERROR",
        // Words decide nothing where structure has spoken.
        "api_error_status=500 | credit balance is too low | SERVER_ERROR",
      })
  void claude(String facts, String message, FailureReason reason) {
    assertEquals(reason, reasonOf("claude", facts, message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "codex_error_info=contextWindowExceeded | ran out of room | CONTEXT_OVERFLOW",
        "codex_error_info=usageLimitExceeded | You've hit your usage limit. | QUOTA_WINDOW",
        "codex_error_info=usageLimitExceeded | Quota exceeded. Check your plan. | BILLING",
        "codex_error_info=serverOverloaded | at capacity | OVERLOADED",
        "codex_error_info=internalServerError | high demand | SERVER_ERROR",
        "codex_error_info=streamIdleTimeout | idle timeout | TIMEOUT_IDLE",
        "codex_error_info=modelNotFound | model: x | MODEL_NOT_FOUND",
        "codex_error_info=responseTooManyFailedAttempts api_error_status=429 | 429 | RATE_LIMIT",
        "codex_error_info=httpConnectionFailed api_error_status=401 | 401 | AUTH_INVALID",
        "api_error_status=400 api_error_code=insufficient_quota | no | BILLING",
        "incomplete_reason=max_output_tokens | incomplete | OUTPUT_LIMIT",
        "incomplete_reason=content_filter | incomplete | CONTENT_POLICY",
      })
  void codex(String facts, String message, FailureReason reason) {
    assertEquals(reason, reasonOf("codex", facts, message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exit_code=41 | you must specify the key | AUTH_INVALID",
        "stream_error=unfinished | Model stream ended | SERVER_ERROR",
        "api_error_status=429 error_class=TerminalQuotaError | daily quota | QUOTA_WINDOW",
        "api_error_status=503 error_class=RetryableQuotaError | unavailable | OVERLOADED",
        "error_class=RetryableQuotaError | slow down | RATE_LIMIT",
        "api_error_status=400 | API key not valid. Please pass a valid one. | AUTH_INVALID",
        "api_error_status=400 | The input token count (9) exceeds the maximum | CONTEXT_OVERFLOW",
      })
  void gemini(String facts, String message, FailureReason reason) {
    assertEquals(reason, reasonOf("gemini", facts, message));
  }

  @Test
  void aWindowSaysWhenItReopens() {
    assertEquals(
        Optional.of(Instant.ofEpochSecond(1_800_000_000)),
        classify(
                "claude",
                "api_error_status=429 api_error=usage_limit_reached rate_limit.resetsAt=1800000000",
                "limit")
            .retryAt());
  }

  /** It comes with every answer to a subscription. */
  @Test
  void theEndOfAWindowSaysNothingOfAnotherFailure() {
    assertEquals(
        Optional.empty(),
        classify("claude", "api_error_status=500 rate_limit.resetsAt=1800000000", "no").retryAt());
  }

  @Test
  void aWaitingTimeIsRoundedUp() {
    assertEquals(
        Optional.of(NOW.plusSeconds(3)),
        classify("gemini", "api_error_status=429 retry_after_seconds=2.3", "wait").retryAt());
  }

  private static FailureReason reasonOf(String cli, String facts, String message) {
    return classify(cli, facts, message).reason();
  }

  private static Failure classify(String cli, String facts, String message) {
    Map<String, String> fields =
        Arrays.stream(facts.split(" "))
            .map(fact -> fact.split("=", 2))
            .collect(Collectors.toMap(fact -> fact[0], fact -> fact[1]));
    return new FailureClassifier(() -> NOW).classify(new CliReported(cli, fields, message));
  }
}
