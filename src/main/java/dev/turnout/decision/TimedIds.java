package dev.turnout.decision;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Version 7 UUIDs (RFC 9562) of a given time, so that one index serves for order and for age. */
final class TimedIds {
  private static final int COUNTER_LIMIT = 1 << 12;

  private TimedIds() {}

  /**
   * An id of this time.
   *
   * @param n orders those of one turn within a millisecond
   */
  static UUID at(Instant time, int n) {
    long low = ThreadLocalRandom.current().nextLong() & 0x3FFF_FFFF_FFFF_FFFFL;
    return new UUID(high(time, Math.min(n, COUNTER_LIMIT - 1)), low | 0x8000_0000_0000_0000L);
  }

  /** The smallest id of this time's millisecond. */
  static UUID floor(Instant time) {
    return new UUID(high(time, 0), 0x8000_0000_0000_0000L);
  }

  private static long high(Instant time, int counter) {
    // Before 1970 there is nothing; a negative time would be later than all others.
    return (Math.max(0, time.toEpochMilli()) << 16) | (7L << 12) | counter;
  }
}
