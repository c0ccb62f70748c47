package dev.turnout.events;

import dev.turnout.turn.TurnId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes those in this process who wait for news of a turn. A hint, never the truth: whoever hears
 * it reads the log, and whoever misses it (the turn runs on another replica) reads it a little
 * later anyway.
 */
@ApplicationScoped
public class TurnBell {
  private final ConcurrentHashMap<TurnId, Set<Semaphore>> listeners = new ConcurrentHashMap<>();

  /** Starts listening. Open it before the first look at the log, else news between are missed. */
  public Listener listen(TurnId turn) {
    var heard = new Semaphore(0);
    listeners.compute(
        turn,
        (_, set) -> {
          var listening = set == null ? ConcurrentHashMap.<Semaphore>newKeySet() : set;
          listening.add(heard);
          return listening;
        });
    return new Listener(turn, heard);
  }

  /** There is news of this turn. */
  public void ring(TurnId turn) {
    var listening = listeners.get(turn);
    if (listening != null) {
      listening.forEach(Semaphore::release);
    }
  }

  /** One who listens. */
  public final class Listener implements AutoCloseable {
    private final TurnId turn;
    private final Semaphore heard;

    private Listener(TurnId turn, Semaphore heard) {
      this.turn = turn;
      this.heard = heard;
    }

    /** Waits for news, at most this long. */
    public void await(Duration atMost) throws InterruptedException {
      if (heard.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
        heard.drainPermits();
      }
    }

    @Override
    public void close() {
      listeners.computeIfPresent(
          turn,
          (_, listening) -> {
            listening.remove(heard);
            return listening.isEmpty() ? null : listening;
          });
    }
  }
}
