package dev.turnout.livesession;

import dev.turnout.livesession.LiveState.Event;
import dev.turnout.process.LivingProcess;
import dev.turnout.turn.TurnId;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who has which process: gives turns their seats and takes them back. One lock guards all states;
 * processes are started and ended outside of it.
 */
final class LivePool {
  private static final System.Logger LOG = System.getLogger(LivePool.class.getName());

  private final OwnerLedger ledger;
  private final LiveTable table;
  private final LiveEnds ends;

  LivePool(OwnerLedger ledger, LiveTable table, LiveEnds ends) {
    this.ledger = ledger;
    this.table = table;
    this.ends = ends;
  }

  /** What a turn gets. */
  sealed interface Seat {
    /**
     * A process that waits for it.
     *
     * @param first whether it has had no turn yet: it was started ahead
     */
    record Taken(LiveSession session, LivingProcess process, boolean first) implements Seat {}

    /** A place; the process has to be started. */
    record Fresh(LiveSession session) implements Seat {}

    /** Nothing. */
    record None(LiveTurnOutcome why) implements Seat {}
  }

  Seat seat(LiveRequest request) throws InterruptedException {
    long until = System.nanoTime() + request.limits().firstOutput().toNanos();
    while (true) {
      LiveSession unfit;
      table.lock.lock();
      try {
        var present = table.sessions.get(request.key());
        if (table.isStopped()) {
          return new Seat.None(new LiveTurnOutcome.NoRoom());
        } else if (present == null) {
          if (table.living(request.key().backend()) < request.settings().capacity()) {
            return fresh(request);
          }
          var idlest = idlest(request);
          if (idlest.isEmpty()) {
            return new Seat.None(new LiveTurnOutcome.NoRoom());
          }
          unfit = idlest.get();
          table.change(unfit, new Event.End(CloseReason.EVICTED));
        } else if (present.state instanceof LiveState.Ready) {
          var why = present.unfitFor(request, table.now());
          var process = present.process();
          if (why.isEmpty() && process.isPresent()) {
            boolean first = present.turns == 0;
            table.change(present, new Event.Took(request.turn()));
            present.takes(request);
            return new Seat.Taken(present, process.get(), first);
          }
          unfit = present;
          table.change(unfit, new Event.End(why.orElse(CloseReason.CRASHED)));
        } else {
          // Turns of a session follow each other: this one was, or is, on its way out.
          present.isWanted(request);
          long left = until - System.nanoTime();
          if (left <= 0) {
            return new Seat.None(new LiveTurnOutcome.StillBusy(turnOf(present, request)));
          }
          var _ = table.changed.awaitNanos(left);
          continue;
        }
      } finally {
        table.lock.unlock();
      }
      ends.remove(unfit, true);
    }
  }

  private static TurnId turnOf(LiveSession session, LiveRequest request) {
    return switch (session.state) {
      case LiveState.Starting(var turn, _) -> turn;
      case LiveState.Busy(var turn, _) -> turn;
      case LiveState.Draining(var turn, _, _) -> turn;
      case LiveState.Warm _, LiveState.Ready _, LiveState.Closed _ -> request.turn();
    };
  }

  private Seat.Fresh fresh(LiveRequest request) {
    var session = new LiveSession(request, ledger.open("live"), table.now());
    session.takes(request);
    table.add(session);
    return new Seat.Fresh(session);
  }

  private Optional<LiveSession> idlest(LiveRequest request) {
    return table.sessions.values().stream()
        .filter(session -> session.key.backend().equals(request.key().backend()))
        .filter(LiveSession::waits)
        // Before a conversation's process goes one that knows nothing.
        .min(
            Comparator.comparing(
                    (LiveSession session) -> !(session.state instanceof LiveState.Warm))
                .thenComparing(session -> session.state.since()));
  }

  /**
   * A place for a process that is started ahead; empty when there is no room. Nobody is evicted for
   * it.
   */
  Optional<LiveSession> place(WarmOrder order, WarmOrder.Start start) {
    table.lock.lock();
    try {
      if (table.isStopped() || table.living(order.backend()) >= order.settings().capacity()) {
        return Optional.empty();
      }
      var session = new LiveSession(order, start, ledger.open("live"), table.now());
      table.add(session);
      return Optional.of(session);
    } finally {
      table.lock.unlock();
    }
  }

  /**
   * Gives a process that was started ahead to a session that has none; false when there is none for
   * it, or when the session has directories already.
   *
   * @param order as {@link WarmOrder#fingerprint}
   */
  boolean adopt(LiveKey key, Fingerprint order) {
    table.lock.lock();
    try {
      if (table.isStopped() || table.sessions.containsKey(key)) {
        return false;
      }
      var found =
          table.sessions.values().stream()
              .filter(session -> session.key.backend().equals(key.backend()))
              .filter(session -> session.isWarmFor(order) && !session.isDead())
              .findFirst();
      return found.isPresent() && adopt(found.get(), key);
    } finally {
      table.lock.unlock();
    }
  }

  private boolean adopt(LiveSession session, LiveKey key) {
    try {
      session.adoption().by(key.session(), session.belongings);
    } catch (FileAlreadyExistsException e) {
      LOG.log(Level.DEBUG, "session {0} gets no process started ahead: {1}", key.session(), e);
      return false;
    } catch (IOException | RuntimeException e) {
      // Nobody knows how far it came. Another session must not get what may be this one's.
      LOG.log(Level.WARNING, "a process started ahead was not handed over, and is ended", e);
      table.change(session, new Event.End(CloseReason.OUT_OF_STEP));
      ends.removeAside(session, true);
      return false;
    }
    table.rename(session, key);
    table.change(session, new Event.Adopted());
    return true;
  }

  /** The process runs; or, when somebody has closed the place meanwhile, why. */
  Optional<CloseReason> started(
      LiveSession session, LivingProcess process, List<String> shown, Belongings scope)
      throws IOException {
    table.lock.lock();
    try {
      if (session.state instanceof LiveState.Closed(var why, _)) {
        return Optional.of(why);
      }
      session.started(process, shown);
      scope.handTo(session.belongings);
      session.belongings.processes(List.of(process.stamp()));
      return Optional.empty();
    } finally {
      table.lock.unlock();
    }
  }

  void becameReady(LiveSession session) {
    table.lock.lock();
    try {
      table.change(session, new Event.BecameReady());
    } finally {
      table.lock.unlock();
    }
  }

  /**
   * A turn is over.
   *
   * @param broken why the process is closed when it was asked to let the turn go and did not
   */
  LiveTurnOutcome finished(LiveSession session, LiveTurn.Spoken spoken, CloseReason broken) {
    boolean mine = false;
    table.lock.lock();
    try {
      if (session.state instanceof LiveState.Closed(var why, _)) {
        ends.awaitRemoval(session);
        return spoken.outcome() instanceof LiveTurnOutcome.Died
            ? new LiveTurnOutcome.ClosedUnder(why)
            : spoken.outcome();
      }
      if (spoken.usable()) {
        if (spoken.outcome() instanceof LiveTurnOutcome.Ended) {
          session.knows(spoken.conversation());
        }
        table.change(session, new Event.Finished());
        table.retireIfDue(session);
      } else {
        table.change(session, new Event.End(reason(spoken.outcome(), broken)));
      }
      mine = session.state instanceof LiveState.Closed;
    } finally {
      table.lock.unlock();
    }
    if (mine && spoken.usable()) {
      // Its turn is answered: nobody waits for the end of a process.
      ends.removeAside(session, true);
    } else if (mine) {
      ends.remove(session, false);
    }
    return spoken.outcome();
  }

  private static CloseReason reason(LiveTurnOutcome outcome, CloseReason broken) {
    return switch (outcome) {
      case LiveTurnOutcome.Ended _, LiveTurnOutcome.Died _ -> CloseReason.CRASHED;
      case LiveTurnOutcome.Flooded _ -> CloseReason.FLOODED;
      case LiveTurnOutcome.TimedOut _, LiveTurnOutcome.Interrupted _, LiveTurnOutcome.Refused _ ->
          broken;
      case LiveTurnOutcome.NotStarted _,
          LiveTurnOutcome.NoRoom _,
          LiveTurnOutcome.StillBusy _,
          LiveTurnOutcome.ClosedUnder _ ->
          CloseReason.OUT_OF_STEP;
    };
  }

  /** Takes turns from now on. */
  void open() {
    table.lock.lock();
    try {
      table.stop(false);
    } finally {
      table.lock.unlock();
    }
  }

  /** Takes no more turns, and ends all processes. */
  void close() {
    table.lock.lock();
    try {
      table.stop(true);
    } finally {
      table.lock.unlock();
    }
    boolean _ = ends.endAll(_ -> true, CloseReason.SHUTDOWN);
  }
}
