package dev.turnout.alarm;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Wakes somebody who waits when it has lasted long enough, unless that came to nothing before. For
 * waits that end early nearly always and begin again at once: of output, of events, of answers. It
 * is coarse, and in return costs those nothing, where the JDK wakes a thread when a virtual thread
 * begins a timed wait and once more when it is over.
 */
public final class Alarm implements AutoCloseable {
  /** How late an alarm may be. */
  public static final Duration BEAT = Duration.ofMillis(20);

  private static final HashedWheelTimer WHEEL =
      new HashedWheelTimer(
          Thread.ofPlatform().daemon().name("alarm").factory(),
          BEAT.toMillis(),
          TimeUnit.MILLISECONDS);

  private final Timeout timeout;

  private Alarm(Timeout timeout) {
    this.timeout = timeout;
  }

  /**
   * Sets one.
   *
   * @param after not before that; at most two {@link #BEAT}s later
   * @param wake what ends the wait; it must not wait itself, for all share a thread
   */
  public static Alarm in(Duration after, Runnable wake) {
    return new Alarm(WHEEL.newTimeout(_ -> wake.run(), after.toNanos(), TimeUnit.NANOSECONDS));
  }

  /** The wait is over. An alarm that is going off already may still do so. */
  @Override
  public void close() {
    timeout.cancel();
  }
}
