package dev.turnout.cooldown;

import dev.turnout.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a failure makes rest.
 *
 * @param after how many of its kind in a row it takes
 * @param until when the first rest would end
 * @param longest the longest rest of the ladder, on which each further one is twice as long
 * @param probed whether one attempt alone finds out afterwards that the rest has helped
 */
public record Rest(
    CooldownScope scope, int after, Instant until, Duration longest, boolean probed) {

  /** What this failure makes rest if it comes now, as the first of its kind; empty for nothing. */
  public static Optional<Rest> of(Failure failure, RestTable table, Instant now) {
    return table
        .rule(failure.reason())
        .map(
            rule ->
                new Rest(
                    rule.scope(),
                    rule.after(),
                    rule.end(1, failure.retryAt(), now),
                    rule.longest(),
                    rule.probed()));
  }
}
