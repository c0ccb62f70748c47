package dev.turnout.cooldown;

import static dev.turnout.cooldown.CooldownScope.MODEL;
import static dev.turnout.cooldown.CooldownScope.PAYMENT;
import static dev.turnout.cooldown.CooldownScope.QUOTA;
import static dev.turnout.cooldown.CooldownScope.SERVICE;
import static dev.turnout.cooldown.CooldownScope.SIGN_IN;

import dev.turnout.failure.FailureReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a reason makes rest, and for how long. The table in {@link #of} is the only place that says
 * so.
 *
 * @param after how many failures in a row it takes
 * @param first the first rest; each further one is twice as long
 * @param longest the longest rest of the ladder
 * @param farthest how far off a time that the provider names is believed
 * @param probed whether one attempt alone finds out that the rest has helped
 */
record RestRule(
    CooldownScope scope,
    int after,
    Duration first,
    Duration longest,
    Duration farthest,
    boolean probed) {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  /** The table. A reason without a row harms nobody but its own turn. */
  static Optional<RestRule> of(FailureReason reason) {
    return switch (reason) {
      // A person pays when it suits them: ask again soon at first, and never less than daily.
      case BILLING -> rests(PAYMENT, 1, MINUTE.multipliedBy(10), DAY, DAY, true);
      // Windows end by the clock, so nobody has to go first. The longest are a week.
      case QUOTA_WINDOW -> rests(QUOTA, 1, MINUTE.multipliedBy(15), HOUR.multipliedBy(6), week());
      case RATE_LIMIT -> rests(QUOTA, 1, Duration.ofSeconds(30), HOUR, week());
      case AUTH_INVALID, AUTH_REVOKED, PERMISSION ->
          rests(SIGN_IN, 1, MINUTE.multipliedBy(10), DAY, DAY, true);
      // One of these is nothing; three in a row are an outage. Outages end without notice.
      case OVERLOADED, SERVER_ERROR, NETWORK ->
          rests(SERVICE, 3, Duration.ofSeconds(15), MINUTE.multipliedBy(5), HOUR, true);
      case TIMEOUT_CONNECT, TIMEOUT_FIRST_OUTPUT, TIMEOUT_IDLE, TIMEOUT_TOTAL ->
          rests(SERVICE, 3, Duration.ofSeconds(15), MINUTE.multipliedBy(5), HOUR, true);
      case MODEL_NOT_FOUND -> rests(MODEL, 1, HOUR, DAY, DAY, true);
      case CONTEXT_OVERFLOW, REQUEST_TOO_LARGE, INVALID_REQUEST -> Optional.empty();
      case CONTENT_POLICY, REFUSAL, EMPTY_RESPONSE -> Optional.empty();
      case SESSION_LOST, PROTOCOL_ERROR, SPAWN_FAILED, PROCESS_CRASHED -> Optional.empty();
      case BACKEND_CONFIG_MISSING, OUTPUT_LIMIT, LIVE_CAPACITY -> Optional.empty();
      case NO_CANDIDATE, CANCELLED, INTERRUPTED, EXPIRED, INTERNAL -> Optional.empty();
    };
  }

  private static Duration week() {
    // A day more than a week: providers round their times up.
    return DAY.multipliedBy(8);
  }

  private static Optional<RestRule> rests(
      CooldownScope scope, int after, Duration first, Duration longest, Duration farthest) {
    return rests(scope, after, first, longest, farthest, false);
  }

  private static Optional<RestRule> rests(
      CooldownScope scope,
      int after,
      Duration first,
      Duration longest,
      Duration farthest,
      boolean probed) {
    return Optional.of(new RestRule(scope, after, first, longest, farthest, probed));
  }

  /**
   * When the rest ends that starts now.
   *
   * @param step which rest in a row it is, from 1
   * @param retryAt what the provider said; it knows better than a ladder
   */
  Instant end(int step, Optional<Instant> retryAt, Instant now) {
    return retryAt
        .map(at -> at.isAfter(now.plus(farthest)) ? now.plus(farthest) : at)
        .orElseGet(() -> now.plus(ladder(step)));
  }

  private Duration ladder(int step) {
    var rest = first;
    for (int i = 1; i < step && rest.compareTo(longest) < 0; i++) {
      rest = rest.multipliedBy(2);
    }
    return rest.compareTo(longest) > 0 ? longest : rest;
  }
}
