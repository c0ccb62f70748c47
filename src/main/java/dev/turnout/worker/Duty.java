package dev.turnout.worker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Something that is done again and again. One failed round is logged, and the next one comes. */
final class Duty {
  private static final Logger LOG = System.getLogger(Duty.class.getName());

  private final String name;
  private final Duration pause;
  private final Runnable round;
  private @Nullable Thread thread;

  Duty(String name, Duration pause, Runnable round) {
    this.name = name;
    this.pause = pause;
    this.round = round;
  }

  synchronized void start() {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("duty-" + name).start(this::run);
    }
  }

  synchronized void stop() {
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        round.run();
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "a round of duty {0} failed: {1}", name, e.getMessage());
      } catch (Error e) {
        // For want of a thread, say. Without its duties this replica would be taken for dead.
        LOG.log(Level.ERROR, "a round of duty " + name + " failed", e);
      }
      try {
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
