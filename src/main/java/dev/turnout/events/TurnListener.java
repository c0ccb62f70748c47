package dev.turnout.events;

import dev.turnout.alarm.Alarm;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One who waits for news of a turn. */
public final class TurnListener implements AutoCloseable {
  /** How much is kept for one who does not come for it, in characters: then it reads the log. */
  private static final int KEEP = 128 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Deque<StoredEvent> told = new ArrayDeque<>();
  private final Consumer<TurnListener> onClose;
  private int kept;
  private boolean rung;

  TurnListener(Consumer<TurnListener> onClose) {
    this.onClose = onClose;
  }

  void ring() {
    lock.lock();
    try {
      rung = true;
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  void tell(List<StoredEvent> events) {
    lock.lock();
    try {
      for (var event : events) {
        told.add(event);
        kept += event.json().length();
      }
      if (kept > KEEP) {
        forget();
        rung = true;
      }
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for any news, at most this long. */
  public void await(Duration atMost) throws InterruptedException {
    await(atMost, () -> !told.isEmpty());
  }

  /** Waits for news of another kind than events that do not end the turn, at most this long. */
  public void awaitEnd(Duration atMost) throws InterruptedException {
    await(atMost, () -> told.stream().anyMatch(StoredEvent::isEnd));
  }

  private void await(Duration atMost, BooleanSupplier heard) throws InterruptedException {
    lock.lock();
    try {
      awaitNews(
          atMost,
          () -> {
            if (heard.getAsBoolean()) {
              return true;
            }
            forget();
            return false;
          });
      forget();
      rung = false;
    } finally {
      lock.unlock();
    }
  }

  /** Holds the lock, but not while it waits. */
  private void awaitNews(Duration atMost, BooleanSupplier heard) throws InterruptedException {
    if (heard.getAsBoolean() || rung || !atMost.isPositive()) {
      return;
    }
    try (var _ = Alarm.in(atMost, this::ring)) {
      while (!heard.getAsBoolean() && !rung) {
        news.await();
      }
    }
  }

  /**
   * Waits for the events that follow one.
   *
   * @param after the number of the event last seen
   * @return the next ones, without a gap; empty when the log has to be read, because there was
   *     other news or the time is over
   */
  public List<StoredEvent> next(int after, Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      awaitNews(
          atMost,
          () -> {
            dropUpTo(after);
            return !told.isEmpty();
          });
      var next = new ArrayList<StoredEvent>(told.size());
      while (!told.isEmpty() && told.getFirst().n() == after + next.size() + 1) {
        next.add(drop());
      }
      if (next.isEmpty()) {
        forget(); // What is behind a gap is in the log, like what is missing.
        rung = false;
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** What was read in the log meanwhile is no news. */
  private void dropUpTo(int seen) {
    while (!told.isEmpty() && told.getFirst().n() <= seen) {
      drop();
    }
  }

  private StoredEvent drop() {
    var first = told.removeFirst();
    kept -= first.json().length();
    return first;
  }

  private void forget() {
    told.clear();
    kept = 0;
  }

  @Override
  public void close() {
    onClose.accept(this);
  }
}
