package dev.turnout.livesession;

import dev.turnout.process.LivingProcess;
import dev.turnout.process.ProcessStamp;
import dev.turnout.turn.BackendId;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Processes that outlived SIGKILL, because the kernel holds them or because they are somebody
 * else's by now. They are told of until they are gone; the record of their owner stays for the
 * sweep of the next start.
 */
final class Survivors {
  private static final System.Logger LOG = System.getLogger(Survivors.class.getName());

  private final LiveObserver observer;
  private final List<Survivor> living = new CopyOnWriteArrayList<>();

  Survivors(LiveObserver observer) {
    this.observer = observer;
  }

  private record Survivor(String owner, BackendId backend, ProcessStamp process) {}

  /** Whether all of it is gone; who is not is remembered here. */
  boolean found(LiveSession session, LivingProcess process, List<ProcessStamp> left) {
    if (left.isEmpty()) {
      return true;
    }
    LOG.log(
        Level.ERROR,
        "process {0} of {1}, which ran turn {2}, was killed, and these of its tree still live: {3}",
        process.stamp().pid(),
        session.key.backend(),
        session.turnName(),
        left.stream().map(ProcessStamp::pid).toList());
    var backend = session.key.backend();
    left.forEach(stamp -> living.add(new Survivor(session.belongings.owner(), backend, stamp)));
    observer.survived(backend, left.size());
    return false;
  }

  /** Who is gone meanwhile is told of no more. */
  void lookAgain() {
    var gone = living.stream().filter(survivor -> !survivor.process.lives()).toList();
    living.removeAll(gone);
    gone.forEach(survivor -> observer.survived(survivor.backend, -1));
  }

  /** The pids of those that this owner has left. */
  List<Long> of(String owner) {
    return living.stream()
        .filter(survivor -> survivor.owner.equals(owner))
        .map(survivor -> survivor.process.pid())
        .toList();
  }
}
