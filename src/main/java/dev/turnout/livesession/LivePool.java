package dev.turnout.livesession;

import dev.turnout.livesession.LiveState.Event;
import dev.turnout.process.LivingProcess;
import dev.turnout.turn.TurnId;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Who has which process, and who must go. One lock guards all states; processes are ended outside
 * of it. INVARIANT: whoever brings a session to {@code Closed} removes it, and nobody else does;
 * its place is taken until nothing of it is left.
 */
final class LivePool {
  /** How many that have ended are kept to be shown. */
  private static final int SHOWN = 32;

  /** How long a stop waits for processes that others are ending. */
  private static final Duration STOP = Duration.ofSeconds(15);

  private final OwnerLedger ledger;
  private final Clock clock;
  private final LiveObserver observer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<LiveKey, LiveSession> sessions = new LinkedHashMap<>();
  private final Deque<LiveView> ended = new ArrayDeque<>();
  private boolean stopped;

  LivePool(OwnerLedger ledger, Clock clock, LiveObserver observer) {
    this.ledger = ledger;
    this.clock = clock;
    this.observer = observer;
  }

  /** What a turn gets. */
  sealed interface Seat {
    /** A process that waits for it. */
    record Taken(LiveSession session, LivingProcess process) implements Seat {}

    /** A place; the process has to be started. */
    record Fresh(LiveSession session) implements Seat {}

    /** Nothing. */
    record None(LiveTurnOutcome why) implements Seat {}
  }

  Seat seat(LiveRequest request) throws InterruptedException {
    long until = System.nanoTime() + request.limits().firstOutput().toNanos();
    while (true) {
      LiveSession unfit;
      lock.lock();
      try {
        var present = sessions.get(request.key());
        if (stopped) {
          return new Seat.None(new LiveTurnOutcome.NoRoom());
        } else if (present == null) {
          if (living(request) < request.settings().capacity()) {
            return fresh(request);
          }
          var idlest = idlest(request);
          if (idlest.isEmpty()) {
            return new Seat.None(new LiveTurnOutcome.NoRoom());
          }
          unfit = idlest.get();
          change(unfit, new Event.End(CloseReason.EVICTED));
        } else if (present.state instanceof LiveState.Ready) {
          var why = present.unfitFor(request, clock.instant());
          var process = present.process();
          if (why.isEmpty() && process.isPresent()) {
            change(present, new Event.Took(request.turn()));
            present.takes(request);
            return new Seat.Taken(present, process.get());
          }
          unfit = present;
          change(unfit, new Event.End(why.orElse(CloseReason.CRASHED)));
        } else {
          // Turns of a session follow each other: this one was, or is, on its way out.
          present.isWanted(request);
          long left = until - System.nanoTime();
          if (left <= 0) {
            return new Seat.None(new LiveTurnOutcome.StillBusy(turnOf(present, request)));
          }
          var _ = changed.awaitNanos(left);
          continue;
        }
      } finally {
        lock.unlock();
      }
      remove(unfit, true);
    }
  }

  private static TurnId turnOf(LiveSession session, LiveRequest request) {
    return switch (session.state) {
      case LiveState.Starting(var turn, _) -> turn;
      case LiveState.Busy(var turn, _) -> turn;
      case LiveState.Draining(var turn, _, _) -> turn;
      case LiveState.Ready _, LiveState.Closed _ -> request.turn();
    };
  }

  private Seat.Fresh fresh(LiveRequest request) {
    var session = new LiveSession(request, ledger.open("live"), clock.instant());
    session.takes(request);
    sessions.put(request.key(), session);
    observer.moved(request.key().backend(), Optional.empty(), session.state);
    return new Seat.Fresh(session);
  }

  private long living(LiveRequest request) {
    return sessions.keySet().stream()
        .filter(key -> key.backend().equals(request.key().backend()))
        .count();
  }

  private Optional<LiveSession> idlest(LiveRequest request) {
    return sessions.values().stream()
        .filter(session -> session.key.backend().equals(request.key().backend()))
        .filter(session -> session.state instanceof LiveState.Ready)
        .min(Comparator.comparing(session -> session.state.since()));
  }

  private void change(LiveSession session, Event event) {
    var before = session.state;
    session.state = before.after(event, clock.instant());
    if (!session.state.equals(before)) {
      observer.moved(session.key.backend(), Optional.of(before), session.state);
    }
    changed.signalAll();
  }

  /** The process runs; or, when somebody has closed the place meanwhile, why. */
  Optional<CloseReason> started(
      LiveSession session, LivingProcess process, List<String> shown, Belongings scope)
      throws IOException {
    lock.lock();
    try {
      if (session.state instanceof LiveState.Closed(var why, _)) {
        return Optional.of(why);
      }
      session.started(process, shown);
      scope.handTo(session.belongings);
      session.belongings.processes(List.of(process.stamp()));
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  void becameReady(LiveSession session) {
    lock.lock();
    try {
      change(session, new Event.BecameReady());
    } finally {
      lock.unlock();
    }
  }

  /**
   * A turn is over.
   *
   * @param broken why the process is closed when it was asked to let the turn go and did not
   */
  LiveTurnOutcome finished(LiveSession session, LiveTurn.Spoken spoken, CloseReason broken) {
    boolean mine = false;
    lock.lock();
    try {
      if (session.state instanceof LiveState.Closed(var why, _)) {
        awaitRemoval(session);
        return spoken.outcome() instanceof LiveTurnOutcome.Died
            ? new LiveTurnOutcome.ClosedUnder(why)
            : spoken.outcome();
      }
      if (spoken.usable()) {
        if (spoken.outcome() instanceof LiveTurnOutcome.Ended) {
          session.knows(spoken.conversation());
        }
        change(session, new Event.Finished());
        retireIfDue(session);
      } else {
        change(session, new Event.End(reason(spoken.outcome(), broken)));
      }
      mine = session.state instanceof LiveState.Closed;
    } finally {
      lock.unlock();
    }
    if (mine && spoken.usable()) {
      // Its turn is answered: nobody waits for the end of a process.
      Thread.ofVirtual().start(() -> remove(session, true));
    } else if (mine) {
      remove(session, false);
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

  private void retireIfDue(LiveSession session) {
    Upkeep.due(session.state, session.startedAt, session.turns, session.settings, clock.instant())
        .ifPresent(why -> change(session, new Event.Retire(why)));
  }

  /** Those that have served their time go; told are those that work. */
  List<LiveSession> lookAfter() {
    var working = new ArrayList<LiveSession>();
    var mine = new ArrayList<LiveSession>();
    lock.lock();
    try {
      for (var session : sessions.values()) {
        if (session.state instanceof LiveState.Closed) {
          continue; // Whoever closed it removes it.
        }
        if (session.state instanceof LiveState.Ready && session.isDead()) {
          change(session, new Event.End(CloseReason.CRASHED));
        } else {
          retireIfDue(session);
        }
        if (session.state instanceof LiveState.Closed) {
          mine.add(session);
        } else if (!(session.state instanceof LiveState.Ready)) {
          working.add(session);
        }
      }
    } finally {
      lock.unlock();
    }
    mine.forEach(session -> remove(session, true));
    return working;
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
    var chosen = new ArrayList<LiveSession>();
    var mine = new ArrayList<Thread>();
    lock.lock();
    try {
      for (var session : sessions.values()) {
        if (which.test(session)) {
          chosen.add(session);
          boolean idle = session.state instanceof LiveState.Ready;
          if (!(session.state instanceof LiveState.Closed)) {
            change(session, new Event.End(why));
            mine.add(Thread.ofVirtual().unstarted(() -> remove(session, idle)));
          }
        }
      }
    } finally {
      lock.unlock();
    }
    mine.forEach(Thread::start);
    lock.lock();
    try {
      chosen.forEach(this::awaitRemoval);
    } finally {
      lock.unlock();
    }
    return !chosen.isEmpty();
  }

  /** Ends them at once where nothing runs in them, else afterwards. False when there is none. */
  boolean retireAll(Predicate<LiveSession> which, CloseReason why) {
    var chosen = new ArrayList<LiveSession>();
    var mine = new ArrayList<LiveSession>();
    lock.lock();
    try {
      for (var session : sessions.values()) {
        if (which.test(session) && !(session.state instanceof LiveState.Closed)) {
          chosen.add(session);
          change(session, new Event.Retire(why));
          if (session.state instanceof LiveState.Closed) {
            mine.add(session);
          }
        }
      }
    } finally {
      lock.unlock();
    }
    mine.forEach(session -> remove(session, true));
    return !chosen.isEmpty();
  }

  /** Waits, whoever interrupts: what is ended here must be gone when we return. */
  private void awaitRemoval(LiveSession session) {
    boolean interrupted = false;
    long until = System.nanoTime() + STOP.toNanos();
    while (sessions.get(session.key) == session && System.nanoTime() - until < 0) {
      try {
        var _ = changed.await(100, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends what is closed, and lets its place be taken. */
  private void remove(LiveSession session, boolean politely) {
    try {
      session
          .process()
          .ifPresent(p -> p.end(politely ? session.grace : Duration.ZERO, session.grace));
    } finally {
      var view = session.view();
      session.belongings.close();
      lock.lock();
      try {
        sessions.remove(session.key, session);
        ended.addFirst(view);
        if (ended.size() > SHOWN) {
          ended.removeLast();
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  List<LiveView> list() {
    lock.lock();
    try {
      var all = new ArrayList<LiveView>();
      sessions.values().forEach(session -> all.add(session.view()));
      all.addAll(ended);
      return all;
    } finally {
      lock.unlock();
    }
  }

  void open() {
    lock.lock();
    try {
      stopped = false;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      stopped = true;
    } finally {
      lock.unlock();
    }
    boolean _ = endAll(_ -> true, CloseReason.SHUTDOWN);
  }
}
