package dev.turnout.telemetry;

import dev.turnout.failure.Failure;
import java.time.Instant;
import java.util.Optional;

/**
 * How an account or a backend has done on this replica since it started.
 *
 * @param attempts calls that came to an end
 * @param failed how many of them failed
 * @param skipped how often it rested and was not asked
 */
public record Health(
    long attempts,
    long failed,
    long skipped,
    Optional<Instant> lastSuccess,
    Optional<LastFailure> lastFailure) {
  static final Health UNTRIED = new Health(0, 0, 0, Optional.empty(), Optional.empty());

  /** The latest failure. */
  public record LastFailure(Failure failure, Instant at) {}

  Health tried(Optional<Failure> failure, Instant now) {
    return new Health(
        attempts + 1,
        failed + (failure.isPresent() ? 1 : 0),
        skipped,
        failure.isPresent() ? lastSuccess : Optional.of(now),
        failure.map(why -> new LastFailure(why, now)).or(() -> lastFailure));
  }

  Health passedOver() {
    return new Health(attempts, failed, skipped + 1, lastSuccess, lastFailure);
  }
}
