package dev.turnout.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** What is older than it may be, and how it is taken away. */
final class Bygone {
  private Bygone() {}

  /** Before when it is too old; empty when it is kept for longer than there is time: for ever. */
  static Optional<Instant> before(Duration keep, Instant now) {
    return keep.compareTo(Duration.between(Instant.EPOCH, now)) < 0
        ? Optional.of(now.minus(keep))
        : Optional.empty();
  }

  /**
   * Takes it away in batches, each a commit, until nothing is left or somebody interrupts.
   *
   * @param batch takes at most as many as it is given, and says how many there were
   */
  static void take(int size, IntUnaryOperator batch) {
    int taken;
    do {
      taken = batch.applyAsInt(size);
    } while (taken == size && !Thread.currentThread().isInterrupted());
  }
}
