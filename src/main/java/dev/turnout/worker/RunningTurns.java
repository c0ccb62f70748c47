package dev.turnout.worker;

import dev.turnout.turn.TurnId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The turns that run in this process, and the way to end one. */
@ApplicationScoped
class RunningTurns {
  private final Map<TurnId, Running> turns = new ConcurrentHashMap<>();

  /** A turn that runs on the calling thread. */
  Running enter(TurnId turn) {
    var running = new Running(turn, Thread.currentThread());
    turns.put(turn, running);
    return running;
  }

  /** Ends this turn if it runs here; the first cause counts. */
  void stop(TurnId turn, StopCause cause) {
    var running = turns.get(turn);
    if (running != null) {
      running.stop(cause);
    }
  }

  void stopAll(StopCause cause) {
    turns.values().forEach(running -> running.stop(cause));
  }

  int size() {
    return turns.size();
  }

  /** One running turn. */
  final class Running implements AutoCloseable {
    private final TurnId turn;
    private final Thread thread;
    private @Nullable StopCause cause;
    private boolean closed;

    private Running(TurnId turn, Thread thread) {
      this.turn = turn;
      this.thread = thread;
    }

    synchronized void stop(StopCause why) {
      if (cause == null && !closed) {
        cause = why;
        thread.interrupt();
      }
    }

    /** From here on nobody interrupts the thread: what follows is the writing of the end. */
    synchronized Optional<StopCause> finish() {
      closed = true;
      Thread.interrupted();
      return Optional.ofNullable(cause);
    }

    @Override
    public void close() {
      turns.remove(turn, this);
    }
  }
}
