package dev.turnout.worker;

import dev.turnout.routing.AttemptGate;
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

  /** Whether this turn runs here and has been told to end. */
  boolean isStopped(TurnId turn) {
    var running = turns.get(turn);
    return running != null && running.isStopped();
  }

  void stopAll(StopCause cause) {
    turns.values().forEach(running -> running.stop(cause));
  }

  int size() {
    return turns.size();
  }

  /** One running turn. */
  final class Running implements AttemptGate, AutoCloseable {
    private final TurnId turn;
    private final Thread thread;
    private @Nullable StopCause cause;
    private boolean closed;
    private boolean interruptible;

    private Running(TurnId turn, Thread thread) {
      this.turn = turn;
      this.thread = thread;
    }

    synchronized void stop(StopCause why) {
      if (cause == null && !closed) {
        cause = why;
        if (interruptible) {
          thread.interrupt();
        }
      }
    }

    private synchronized boolean isStopped() {
      return cause != null;
    }

    /**
     * From here to {@link #leave} is the only stretch in which {@link #stop} interrupts: a thread
     * that is interrupted while it speaks with the database loses its connection, and with it what
     * it wrote. A run that was stopped before makes no attempt any more.
     */
    @Override
    public synchronized boolean enter() {
      interruptible = cause == null;
      return interruptible;
    }

    @Override
    public synchronized void leave() {
      interruptible = false;
      if (cause != null) {
        var _ = Thread.interrupted();
      }
    }

    /** From here on nobody interrupts the thread: what follows is the writing of the end. */
    synchronized Optional<StopCause> finish() {
      closed = true;
      return Optional.ofNullable(cause);
    }

    @Override
    public void close() {
      turns.remove(turn, this);
    }
  }
}
