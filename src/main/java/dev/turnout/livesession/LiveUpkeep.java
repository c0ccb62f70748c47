package dev.turnout.livesession;

import dev.turnout.process.ProcessSnapshot;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks after living processes: ends those whose time is over, writes down what they fork. */
final class LiveUpkeep {
  private static final System.Logger LOG = System.getLogger(LiveUpkeep.class.getName());
  private static final long PAUSE_MILLIS = 1_000;

  private final LiveEnds ends;
  private final Survivors survivors;
  private final Duration unattended;
  private @Nullable Thread thread;

  /**
   * Looks after nobody yet.
   *
   * @param unattended as of {@link LiveEnds#endStuck}
   */
  LiveUpkeep(LiveEnds ends, Survivors survivors, Duration unattended) {
    this.ends = ends;
    this.survivors = survivors;
    this.unattended = unattended;
  }

  synchronized void start() {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("live-upkeep").start(this::run);
    }
  }

  synchronized void stop() throws InterruptedException {
    var running = thread;
    if (running != null) {
      running.interrupt();
      running.join();
      thread = null;
    }
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        round();
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "a round of looking after living processes failed", e);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  void round() {
    var working = ends.lookAfter();
    survivors.lookAgain();
    ends.endStuck(working, unattended);
    if (working.isEmpty()) {
      return; // Who waits forks nothing, and a look at the whole system is not free.
    }
    var snapshot = ProcessSnapshot.now();
    for (var session : working) {
      session
          .process()
          .ifPresent(
              process -> {
                try {
                  session.belongings.processes(process.lookAtTree(snapshot));
                } catch (IOException | IllegalStateException e) {
                  // Ended meanwhile, or the disk is full: the mark of the process still finds them.
                  LOG.log(Level.DEBUG, "the tree of {0} is not written down: {1}", session.key, e);
                }
              });
    }
  }
}
