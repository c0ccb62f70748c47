package dev.turnout.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Lets the interrupts of this thread wait while something is carried through: {@link #close} hands
 * them on. The waits in between go through it, and then last as long as they are told to, however
 * often somebody interrupts.
 */
final class LateInterrupt implements AutoCloseable {
  private boolean came = Thread.interrupted();

  /** A wait that an interrupt ends early. */
  private interface Wait {
    void upTo(long nanos) throws InterruptedException;
  }

  /** Waits so long. */
  void pause(Duration time) {
    carryThrough(time, TimeUnit.NANOSECONDS::sleep);
  }

  /** Waits for the end of a thread. */
  void join(Thread thread, Duration atMost) {
    carryThrough(atMost, nanos -> thread.join(Duration.ofNanos(nanos)));
  }

  /** There was one that could not wait. */
  void note() {
    came = true;
  }

  private void carryThrough(Duration atMost, Wait wait) {
    long end = System.nanoTime() + atMost.toNanos();
    for (long left = atMost.toNanos(); left > 0; left = end - System.nanoTime()) {
      try {
        wait.upTo(left);
        return;
      } catch (InterruptedException e) {
        came = true;
      }
    }
  }

  @Override
  public void close() {
    if (came) {
      Thread.currentThread().interrupt();
    }
  }
}
