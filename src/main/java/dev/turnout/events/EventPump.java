package dev.turnout.events;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.turnout.events.EventStore.Entry;
import dev.turnout.turn.RunRef;
import dev.turnout.turn.TurnId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Writes the events of all runs of this process, many in one commit. While one commit is on its way
 * the next batch gathers by itself. Events that nobody waits for linger for a moment besides, since
 * they come in bursts: an attempt that begins, the words of an answer. Neighbouring pieces of
 * output of one run become one event.
 */
final class EventPump {
  private static final Logger LOG = System.getLogger(EventPump.class.getName());

  /** Most events in one commit. */
  private static final int BATCH = 500;

  /** So many do not wait for more. */
  private static final int ENOUGH = 64;

  /** How far one run may be ahead of the database, in events; beyond it the backend waits. */
  private static final int AHEAD = 256;

  /** Longest text of one output event, in characters. */
  private static final int OUTPUT_LIMIT = 16_384;

  private final EventStore store;
  private final TurnBell bell;
  private final Clock clock;
  private final LinkedBlockingQueue<Asked> queue = new LinkedBlockingQueue<>();
  private final ConcurrentHashMap<RunRef, RunTail> tails = new ConcurrentHashMap<>();
  private final Duration linger;
  private final Thread thread;
  private volatile boolean stopped;

  /**
   * A pump, which runs until {@link #stop}.
   *
   * @param linger how long an event that nobody waits for is kept back for others that may follow
   */
  EventPump(EventStore store, TurnBell bell, Clock clock, Duration linger) {
    this.linger = linger;
    this.store = store;
    this.bell = bell;
    this.clock = clock;
    this.thread = Thread.ofPlatform().daemon().name("event-pump").start(this::run);
  }

  Written append(RunRef run, TurnEvent event, boolean durable) throws InterruptedException {
    var tail = tails.computeIfAbsent(run, _ -> new RunTail());
    var pending = new Pending(run, event, durable, new Written(tail));
    if (tail.lost) {
      pending.written.done();
      return pending.written;
    }
    tail.room.acquire();
    tail.last = pending.written;
    queue.add(pending);
    return pending.written;
  }

  Written flush(RunRef run) {
    var tail = tails.computeIfAbsent(run, _ -> new RunTail());
    var last = tail.last;
    if (last == null) {
      last = new Written(tail);
      last.done();
    } else if (!last.isDone()) {
      queue.add(Flush.NOW);
    }
    return last;
  }

  void close(RunRef run) {
    tails.remove(run);
  }

  void stop() {
    stopped = true;
    thread.interrupt();
  }

  private void run() {
    var batch = new ArrayList<Pending>();
    while (!stopped) {
      batch.clear();
      try {
        gather(batch);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (!batch.isEmpty()) {
        write(batch);
      }
    }
  }

  private void gather(List<Pending> batch) throws InterruptedException {
    var next = queue.take();
    long until = System.nanoTime() + linger.toNanos();
    boolean lingers = true;
    while (next != null) {
      if (next instanceof Pending pending) {
        batch.add(pending);
      }
      lingers &= next.mayLinger() && batch.size() < ENOUGH;
      if (batch.size() == BATCH) {
        return;
      }
      next = lingers ? queue.poll(until - System.nanoTime(), NANOSECONDS) : queue.poll();
    }
  }

  /**
   * Writes until it is written: an event of a running turn is not given up because Postgres
   * restarts.
   */
  private void write(List<Pending> batch) {
    var merged = merge(batch);
    boolean durable = batch.stream().anyMatch(Pending::durable);
    for (long pause = 20; !stopped; pause = Math.min(pause * 2, 1_000)) {
      try {
        var entries = merged.stream().map(Group::entry).toList();
        var now = clock.instant();
        var numbers = store.append(now, durable, entries);
        for (int i = 0; i < numbers.length; i++) {
          merged.get(i).number(numbers[i]);
        }
        // Before the runs go on: one may end then, and its end is told by another thread. Who
        // hears of an end before what leads to it has to read all of that in the log.
        entries.stream()
            .map(entry -> entry.run().turn())
            .distinct()
            .forEach(turn -> bell.tell(turn, () -> written(turn, entries, numbers, now)));
        merged.forEach(Group::done);
        return;
      } catch (SQLException e) {
        LOG.log(Level.WARNING, "events are not written yet: {0}", e.getMessage());
        if (!sleep(pause)) {
          return;
        }
      }
    }
  }

  private static List<StoredEvent> written(
      TurnId turn, List<Entry> entries, int[] numbers, Instant now) {
    var events = new ArrayList<StoredEvent>();
    for (int i = 0; i < numbers.length; i++) {
      var entry = entries.get(i);
      if (numbers[i] > 0 && entry.run().turn().equals(turn)) {
        events.add(StoredEvent.of(numbers[i], entry.kind(), entry.json(), now));
      }
    }
    return events;
  }

  private static List<Group> merge(List<Pending> batch) {
    var groups = new ArrayList<Group>();
    for (var pending : batch) {
      if (!groups.isEmpty() && groups.getLast().takes(pending)) {
        groups.getLast().add(pending);
      } else {
        groups.add(new Group(pending));
      }
    }
    return groups;
  }

  private static boolean sleep(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Where one run stands: how far ahead it is, and whether it still holds its turn. */
  private static final class RunTail {
    final Semaphore room = new Semaphore(AHEAD);
    volatile boolean lost;
    volatile int number;
    volatile @org.jspecify.annotations.Nullable Written last;
  }

  /** What the thread is asked. */
  private sealed interface Asked {
    boolean mayLinger();
  }

  private record Pending(RunRef run, TurnEvent event, boolean durable, Written written)
      implements Asked {
    /** Not the start: its time is what callers are told as the time when their turn started. */
    @Override
    public boolean mayLinger() {
      return !durable && !(event instanceof TurnEvent.Started);
    }
  }

  /** Somebody waits until all that was asked before is written. */
  private enum Flush implements Asked {
    NOW;

    @Override
    public boolean mayLinger() {
      return false;
    }
  }

  /** Tells when an event is written or refused. */
  static final class Written implements EventLog.Appended {
    private final RunTail tail;
    private final CountDownLatch latch = new CountDownLatch(1);

    private Written(RunTail tail) {
      this.tail = tail;
    }

    void done() {
      latch.countDown();
    }

    boolean isDone() {
      return latch.getCount() == 0;
    }

    @Override
    public boolean await() throws InterruptedException {
      latch.await();
      return !tail.lost;
    }

    /** The number of the last event that is written; 0 when there is none, or one was refused. */
    int number() throws InterruptedException {
      return await() ? tail.number : 0;
    }
  }

  /** Events that are written as one row. */
  private static final class Group {
    private final List<Pending> members = new ArrayList<>();
    private final StringBuilder output = new StringBuilder();

    Group(Pending first) {
      add(first);
    }

    Pending head() {
      return members.getFirst();
    }

    boolean takes(Pending next) {
      return next.event instanceof TurnEvent.Output(var text)
          && head().event instanceof TurnEvent.Output
          && head().run.equals(next.run)
          && output.length() + text.length() <= OUTPUT_LIMIT;
    }

    void add(Pending pending) {
      members.add(pending);
      if (pending.event instanceof TurnEvent.Output(var text)) {
        output.append(text);
      }
    }

    Entry entry() {
      var event =
          head().event instanceof TurnEvent.Output
              ? new TurnEvent.Output(output.toString())
              : head().event;
      return new Entry(head().run, TurnEventJson.kind(event), TurnEventJson.write(event));
    }

    /** Written under this number, or not at all when it is 0. */
    void number(int number) {
      for (var pending : members) {
        var tail = pending.written.tail;
        tail.lost |= number == 0;
        tail.number = number;
      }
    }

    void done() {
      for (var pending : members) {
        pending.written.tail.room.release();
        pending.written.done();
      }
    }
  }
}
