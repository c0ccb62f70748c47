package dev.turnout.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTimesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final FailureClassifier CLASSIFIER =
      new FailureClassifier(ClassificationRules.builtIn(), ZoneId.of("UTC"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "status=429; header.retry-after=20                                  | 2026-03-01T12:00:20Z",
        "status=429; header.retry-after-ms=1500; header.retry-after=20      | 2026-03-01T12:00:01.500Z",
        "status=429; header.retry-after=Sun, 01 Mar 2026 12:30:00 GMT       | 2026-03-01T12:30:00Z",
        "status=503; header.retry-after=5                                   | 2026-03-01T12:00:05Z",
        "status=402; header.retry-after=3600                                | 2026-03-01T13:00:00Z",
        "status=429; header.anthropic-ratelimit-unified-reset=1772370000    | 2026-03-01T13:00:00Z",
        "status=429; header.anthropic-ratelimit-tokens-reset=2026-03-01T12:01:00Z; "
            + "header.anthropic-ratelimit-tokens-remaining=0; "
            + "header.anthropic-ratelimit-requests-reset=2026-03-01T12:09:00Z; "
            + "header.anthropic-ratelimit-requests-remaining=7              | 2026-03-01T12:01:00Z",
        "status=429; header.anthropic-ratelimit-tokens-reset=2026-03-01T12:01:00Z; "
            + "header.anthropic-ratelimit-requests-reset=2026-03-01T12:09:00Z | 2026-03-01T12:09:00Z",
        "status=429; header.x-ratelimit-reset-tokens=6m0s; "
            + "header.x-ratelimit-remaining-tokens=0                        | 2026-03-01T12:06:00Z",
        "status=429; header.x-ratelimit-reset-requests=120ms                | 2026-03-01T12:00:00.120Z",
        "status=429; header.x-ratelimit-reset=1772370000000                 | 2026-03-01T13:00:00Z",
        "status=429; header.ratelimit-reset=30                              | 2026-03-01T12:00:30Z",
        "cli=gemini; status=429; retry_after_seconds=60                     | 2026-03-01T12:01:00Z",
        "cli=claude; api_error=usage_limit_reached; rate_limit.status=rejected; "
            + "rate_limit.resetsAt=1772370000                               | 2026-03-01T13:00:00Z",
      })
  void timeThatTheProviderNamedInAFieldIsKept(String facts, String at) {
    assertEquals(Optional.of(Instant.parse(at)), retryAt(facts, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "You've hit your 5-hour limit · resets 7:50pm (UTC)          | 2026-03-01T19:50:00Z",
        "You've hit your session limit · resets 7:50am (UTC)         | 2026-03-02T07:50:00Z",
        "You've hit your session limit · resets 3pm (Europe/Berlin)  | 2026-03-01T14:00:00Z",
        "You've hit your weekly limit · resets Mar 6, 1pm (UTC)      | 2026-03-06T13:00:00Z",
        "You've hit your weekly limit · resets at 12am               | 2026-03-02T00:00:00Z",
        "You’ve hit your usage limit. Try again at 3:50 AM.          | 2026-03-02T03:50:00Z",
        "usage limit reached, try again at Mar 5th, 2026 3:50 AM.    | 2026-03-05T03:50:00Z",
        "Rate limit reached. Please try again in 1.5s.               | 2026-03-01T12:00:01.500Z",
        "Rate limit reached. Please try again in 6m0s.               | 2026-03-01T12:06:00Z",
        "You exceeded your current quota. Please retry in 34.07s.    | 2026-03-01T12:00:34.070Z",
        "Too many requests, try again in 20 seconds                  | 2026-03-01T12:00:20Z",
        "Usage limit reached. Will reset at 2026-03-01 21:31:39      | 2026-03-01T21:31:39Z",
      })
  void timeThatTheProviderNamedInProseIsKept(String message, String at) {
    assertEquals(Optional.of(Instant.parse(at)), retryAt("cli=command", message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Your limit will reset at 2026-03-01 21:31:39",
        "已达到 5 小时的使用上限。您的限额将在 2026-03-01 21:31:39 重置。",
      })
  void datesOfZaiAreBeijings(String message) {
    assertEquals(
        Optional.of(Instant.parse("2026-03-01T13:31:39Z")),
        retryAt("status=429; code=1308", message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status=429; header.retry-after=0",
        "status=429; header.retry-after=soon",
        "status=429; header.retry-after=99999999",
        "status=429; header.retry-after=Sun, 01 Mar 2020 12:30:00 GMT",
        // On every answer stands when a window is new; it mends none of these.
        "status=500; header.anthropic-ratelimit-tokens-reset=2026-03-01T12:01:00Z",
        "status=401; header.retry-after=20",
        "status=402; header.x-ratelimit-reset-requests=20s",
        "status=400; header.retry-after=20",
        "cli=claude; assistant.error=rate_limit; rate_limit.status=allowed_warning; "
            + "rate_limit.resetsAt=1772370000",
        "status=429; header.x-ratelimit-reset-requests=20s; header.x-ratelimit-remaining-requests=9",
      })
  void whatIsNoTimeOrNotAheadOrMendsNothingIsLeftOut(String facts) {
    assertEquals(Optional.empty(), retryAt(facts, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rate limit: resets Feb 31, 1pm",
        "rate limit: resets 13pm (Nowhere/Land)",
        "rate limit: try again in 99999999999999999999s",
        "rate limit: will reset at 2026-99-99 99:99:99",
      })
  void impossibleTimesAreLeftOut(String message) {
    assertEquals(Optional.empty(), retryAt("cli=command", message));
  }

  private static Optional<Instant> retryAt(String facts, String message) {
    return CLASSIFIER.classify(Survey.facts(facts, message), NOW).retryAt();
  }
}
