package dev.turnout.livesession;

import dev.turnout.livesession.LiveState.Event;
import dev.turnout.turn.BackendId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The living processes of this replica, and the one lock that guards all of their states. Every
 * method but {@link #list} is called with the lock in hand.
 */
final class LiveTable {
  /** How many that have ended are kept to be shown. */
  private static final int SHOWN = 32;

  final ReentrantLock lock = new ReentrantLock();
  final Condition changed = lock.newCondition();
  final Map<LiveKey, LiveSession> sessions = new LinkedHashMap<>();
  private final Deque<LiveView> ended = new ArrayDeque<>();
  private final Clock clock;
  private final LiveObserver observer;
  private boolean stopped;

  LiveTable(Clock clock, LiveObserver observer) {
    this.clock = clock;
    this.observer = observer;
  }

  Instant now() {
    return clock.instant();
  }

  /** Whether nobody is let in any more. */
  boolean isStopped() {
    return stopped;
  }

  void stop(boolean from) {
    stopped = from;
  }

  void add(LiveSession session) {
    sessions.put(session.key, session);
    observer.moved(session.key.backend(), Optional.empty(), session.state);
    changed.signalAll();
  }

  void change(LiveSession session, Event event) {
    var before = session.state;
    session.state = before.after(event, clock.instant());
    if (!session.state.equals(before)) {
      observer.moved(session.key.backend(), Optional.of(before), session.state);
    }
    changed.signalAll();
  }

  /** It works for this session from now on. */
  void rename(LiveSession session, LiveKey key) {
    sessions.remove(session.key, session);
    session.key = key;
    sessions.put(key, session);
  }

  /** Nothing is left of it: its place can be taken. */
  void gone(LiveSession session, LiveView view) {
    sessions.remove(session.key, session);
    ended.addFirst(view);
    if (ended.size() > SHOWN) {
      ended.removeLast();
    }
    changed.signalAll();
  }

  void retireIfDue(LiveSession session) {
    Upkeep.due(session.state, session.startedAt, session.turns, session.settings, clock.instant())
        .ifPresent(why -> change(session, new Event.Retire(why)));
  }

  /** How many places of this backend are taken. */
  long living(BackendId backend) {
    return sessions.keySet().stream().filter(key -> key.backend().equals(backend)).count();
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
}
