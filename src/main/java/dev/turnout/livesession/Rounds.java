package dev.turnout.livesession;

import java.lang.System.Logger.Level;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Something that is done again and again, on a thread of its own. One failed round is logged, even
 * if it was for want of a thread, and the next one comes.
 */
final class Rounds {
  private static final System.Logger LOG = System.getLogger(Rounds.class.getName());

  /** How long something that nobody tells of may go unnoticed, at most. */
  private static final long PAUSE_MILLIS = 1_000;

  private final String name;
  private final Runnable round;
  private final Semaphore news = new Semaphore(0);
  private @Nullable Thread thread;

  Rounds(String name, Runnable round) {
    this.name = name;
    this.round = round;
  }

  synchronized void start() {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }
  }

  /** When this returns, the last round is over. */
  synchronized void stop() throws InterruptedException {
    var running = thread;
    if (running != null) {
      running.interrupt();
      running.join();
      thread = null;
    }
  }

  /** Lets the next round begin without a pause. */
  void hurry() {
    news.release();
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        round.run();
      } catch (RuntimeException | Error e) {
        LOG.log(Level.WARNING, "a round of " + name + " failed", e);
      }
      try {
        var _ = news.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        var _ = news.drainPermits();
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
