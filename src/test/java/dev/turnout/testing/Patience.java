package dev.turnout.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How long tests wait for what has to come. */
public final class Patience {
  /** Longer than anything takes on a machine that has other things to do; a test gains nothing. */
  private static final Duration LONG = Duration.ofMinutes(1);

  private Patience() {}

  /** Waits for something that stays once it has come. */
  public static ConditionFactory await() {
    return Awaitility.await().atMost(LONG);
  }
}
