package dev.turnout.events;

import dev.turnout.turn.TurnId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Wakes those in this process who wait for news of a turn, and hands them the events that were
 * written, so that they need not read them back. A hint, never the truth: whoever misses it (the
 * turn runs on another replica) reads the log a little later anyway.
 */
@ApplicationScoped
public class TurnBell {
  private final ConcurrentHashMap<TurnId, Set<TurnListener>> listeners = new ConcurrentHashMap<>();

  /** Starts listening. Open it before the first look at the log, else news between are missed. */
  public TurnListener listen(TurnId turn) {
    var listener = new TurnListener(left -> leave(turn, left));
    listeners.compute(
        turn,
        (_, set) -> {
          var listening = set == null ? ConcurrentHashMap.<TurnListener>newKeySet() : set;
          listening.add(listener);
          return listening;
        });
    return listener;
  }

  private void leave(TurnId turn, TurnListener left) {
    listeners.computeIfPresent(
        turn,
        (_, listening) -> {
          listening.remove(left);
          return listening.isEmpty() ? null : listening;
        });
  }

  /** There is news of this turn. */
  public void ring(TurnId turn) {
    var listening = listeners.get(turn);
    if (listening != null) {
      listening.forEach(TurnListener::ring);
    }
  }

  /**
   * These events of the turn were written.
   *
   * @param events asked for only when somebody listens
   */
  public void tell(TurnId turn, Supplier<List<StoredEvent>> events) {
    var listening = listeners.get(turn);
    if (listening != null) {
      var written = events.get();
      listening.forEach(listener -> listener.tell(written));
    }
  }
}
