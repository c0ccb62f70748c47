package dev.turnout.livesession;

import dev.turnout.livesession.LiveState.Event;
import dev.turnout.process.LivingProcess;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Ends processes, outside of the lock. INVARIANT: whoever brings a session to {@code Closed}
 * removes it, and nobody else does; its place is taken until nothing of it is left.
 */
final class LiveEnds {
  private static final System.Logger LOG = System.getLogger(LiveEnds.class.getName());

  /**
   * What the end of a process may take beyond the times that it is given: a killed one that the
   * kernel holds is waited for five seconds, its tree and its pipes for some more, and its files
   * have to be deleted.
   */
  private static final Duration REST = Duration.ofSeconds(20);

  private final LiveTable table;
  private final Survivors survivors;
  private final Undertaker undertaker;
  private final Duration rest;

  LiveEnds(LiveTable table, Survivors survivors, Undertaker undertaker) {
    this(table, survivors, undertaker, REST);
  }

  /** With another time for what follows when a process has had its grace. */
  LiveEnds(LiveTable table, Survivors survivors, Undertaker undertaker, Duration rest) {
    this.table = table;
    this.survivors = survivors;
    this.undertaker = undertaker;
    this.rest = rest;
  }

  /**
   * Those that have served their time go, which is not waited for: a process may take its time, and
   * the others need to be looked after meanwhile. Told are those that work.
   */
  List<LiveSession> lookAfter() {
    var working = new ArrayList<LiveSession>();
    var mine = new ArrayList<LiveSession>();
    table.lock.lock();
    try {
      for (var session : table.sessions.values()) {
        if (session.state instanceof LiveState.Closed) {
          continue; // Whoever closed it removes it.
        }
        if (session.waits() && session.isDead()) {
          table.change(session, new Event.End(CloseReason.CRASHED));
        } else {
          table.retireIfDue(session);
        }
        if (session.state instanceof LiveState.Closed) {
          mine.add(session);
        } else if (!session.waits()) {
          working.add(session);
        }
      }
    } finally {
      table.lock.unlock();
    }
    mine.forEach(session -> removeAside(session, true));
    return working;
  }

  /**
   * Ends those whose turn is past all of its limits while nobody listens to them: who runs such a
   * turn is held up elsewhere, and the limits that it watches itself will not come true.
   *
   * @param unattended how long nobody may have listened
   */
  void endStuck(List<LiveSession> working, Duration unattended) {
    for (var session : working) {
      session
          .process()
          .filter(process -> process.unattended().compareTo(unattended) > 0)
          .filter(_ -> session.isOverdue(table.now()))
          .ifPresent(
              process -> {
                LOG.log(
                    Level.ERROR,
                    "turn {0} is past its limits and nobody listens to its process {1} of {2}: it"
                        + " is ended",
                    session.turnName(),
                    process.stamp().pid(),
                    session.key.backend());
                var _ = closeNow(live -> live == session, CloseReason.STUCK);
              });
    }
  }

  /** Ends this one at once, if it is not ended yet; waits until it is gone. */
  void end(LiveSession session, CloseReason why) {
    endAll(live -> live == session, why);
  }

  boolean end(String id, CloseReason why) {
    return endAll(live -> live.belongings.owner().equals(id), why);
  }

  /** Ends them at once, together; when this returns they are gone. False when there is none. */
  boolean endAll(Predicate<LiveSession> which, CloseReason why) {
    var chosen = closeNow(which, why);
    long since = System.nanoTime();
    table.lock.lock();
    try {
      chosen.forEach(session -> awaitRemoval(session, since));
    } finally {
      table.lock.unlock();
    }
    return !chosen.isEmpty();
  }

  private List<LiveSession> closeNow(Predicate<LiveSession> which, CloseReason why) {
    var chosen = new ArrayList<LiveSession>();
    var mine = new ArrayList<Runnable>();
    table.lock.lock();
    try {
      for (var session : table.sessions.values()) {
        if (which.test(session)) {
          chosen.add(session);
          boolean idle = session.waits();
          if (!(session.state instanceof LiveState.Closed)) {
            table.change(session, new Event.End(why));
            mine.add(() -> removeAside(session, idle));
          }
        }
      }
    } finally {
      table.lock.unlock();
    }
    mine.forEach(Runnable::run);
    return chosen;
  }

  /**
   * Ends them at once where nothing runs in them, together, else afterwards; how many there are.
   */
  int retireAll(Predicate<LiveSession> which, CloseReason why) {
    int chosen = 0;
    var mine = new ArrayList<LiveSession>();
    table.lock.lock();
    try {
      for (var session : table.sessions.values()) {
        if (which.test(session) && !(session.state instanceof LiveState.Closed)) {
          chosen++;
          table.change(session, new Event.Retire(why));
          if (session.state instanceof LiveState.Closed) {
            mine.add(session);
          }
        }
      }
    } finally {
      table.lock.unlock();
    }
    awaitAll(mine.stream().map(session -> removeAside(session, true)).toList());
    return chosen;
  }

  /** Whoever is interrupted stops waiting; the processes are ended all the same. */
  private static void awaitAll(List<Thread> threads) {
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits, whoever interrupts: what is ended here must be gone when we return. To be called with
   * the lock in hand.
   */
  void awaitRemoval(LiveSession session) {
    awaitRemoval(session, System.nanoTime());
  }

  private void awaitRemoval(LiveSession session, long since) {
    boolean interrupted = false;
    // One that heeds neither the end of its stdin nor a signal gets its grace for each.
    long atMost = session.grace.multipliedBy(2).plus(rest).toNanos();
    while (table.sessions.get(session.key) == session) {
      if (System.nanoTime() - since > atMost) {
        LOG.log(
            Level.ERROR,
            "process {0} of {1} is not gone after {2} s, and is not waited for any longer",
            session.belongings.owner(),
            session.key.backend(),
            TimeUnit.NANOSECONDS.toSeconds(atMost));
        break;
      }
      try {
        var _ = table.changed.await(100, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** As {@link #remove}, on a thread of its own. */
  Thread removeAside(LiveSession session, boolean politely) {
    return Thread.ofVirtual()
        .name("end-" + session.belongings.owner())
        .uncaughtExceptionHandler(
            (_, e) ->
                LOG.log(Level.ERROR, "the end of " + session.belongings.owner() + " failed", e))
        .start(() -> remove(session, politely));
  }

  /** Ends what is closed, and lets its place be taken. */
  void remove(LiveSession session, boolean politely) {
    boolean clean = false; // Unless we come to see that it is.
    try {
      var process = session.process();
      clean = process.isEmpty() || end(session, process.get(), politely);
    } finally {
      var view = session.view();
      try {
        session.belongings.close(clean);
      } finally {
        table.lock.lock();
        try {
          table.gone(session, view);
        } finally {
          table.lock.unlock();
        }
      }
    }
  }

  /** Whether nothing of it lives. */
  private boolean end(LiveSession session, LivingProcess process, boolean politely) {
    var patience = politely ? session.grace : Duration.ZERO;
    var left = undertaker.end(process, patience, session.grace);
    return survivors.found(session, process, left);
  }
}
