package dev.turnout.intake;

import dev.turnout.turn.TurnId;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/**
 * Makes turn ids: version 7 UUIDs (RFC 9562), so that new rows go to the end of the index. Within a
 * millisecond they count up from a random start, which keeps them in order and hard to guess.
 */
@ApplicationScoped
class TurnIds {
  /** The 12 bits after the version. */
  private static final int COUNTER_LIMIT = 1 << 12;

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private long millis;
  private int counter;

  TurnIds(Clock clock) {
    this.clock = clock;
  }

  synchronized TurnId next() {
    long now = clock.millis();
    if (now > millis) {
      millis = now;
      counter = random.nextInt(COUNTER_LIMIT / 2);
    } else if (++counter == COUNTER_LIMIT) {
      // More than this process can make in a millisecond, or a clock that went back: borrow.
      millis++;
      counter = 0;
    }
    long high = (millis << 16) | (7L << 12) | counter;
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new TurnId(new UUID(high, low));
  }
}
