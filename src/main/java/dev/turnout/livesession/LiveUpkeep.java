package dev.turnout.livesession;

import dev.turnout.process.ProcessSnapshot;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Looks after living processes: ends those whose time is over, writes down what they fork. */
final class LiveUpkeep {
  private static final System.Logger LOG = System.getLogger(LiveUpkeep.class.getName());

  final Rounds rounds = new Rounds("live-upkeep", this::round);
  private final LiveEnds ends;
  private final Survivors survivors;
  private final Duration unattended;

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
