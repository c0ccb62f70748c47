package dev.turnout.livesession;

import dev.turnout.livesession.LiveStarts.Outcome;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps processes that were started ahead of any session, on a thread of its own: no turn waits for
 * a start that is not its own. One after the other, because what is stocked up is in no hurry.
 */
final class LiveStock {
  private static final System.Logger LOG = System.getLogger(LiveStock.class.getName());

  /** After the first start that failed; doubled with each that follows, up to the most. */
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  private static final int MOST_DOUBLINGS = 6;

  final Rounds rounds = new Rounds("live-stock", this::round);
  private final LiveTable table;
  private final LivePool pool;
  private final LiveStarts starts;
  private final LiveEnds ends;
  private final Map<Fingerprint, Failures> failures = new HashMap<>();
  private volatile List<WarmOrder> orders = List.of();

  LiveStock(LiveTable table, LivePool pool, LiveStarts starts, LiveEnds ends) {
    this.table = table;
    this.pool = pool;
    this.starts = starts;
    this.ends = ends;
  }

  /** Starts that failed in a row, and when the next may be tried. */
  private record Failures(int count, long pauseUntil) {}

  /** From now on these are kept, and no others. */
  void keep(List<WarmOrder> wanted) {
    orders = List.copyOf(wanted);
    rounds.hurry();
  }

  /** Ends what nobody wants any more, and starts what is missing. */
  void round() {
    var wanted = orders;
    clear(wanted);
    failures.keySet().retainAll(wanted.stream().map(WarmOrder::fingerprint).toList());
    for (var order : wanted) {
      while (mayTry(order) && waiting(order.fingerprint()) < order.settings().warm()) {
        if (!startOne(order)) {
          break;
        }
      }
    }
  }

  private boolean mayTry(WarmOrder order) {
    var failed = failures.get(order.fingerprint());
    boolean paused = failed != null && System.nanoTime() - failed.pauseUntil < 0;
    return !paused && !Thread.currentThread().isInterrupted();
  }

  private long waiting(Fingerprint order) {
    table.lock.lock();
    try {
      return table.sessions.values().stream()
          .filter(session -> session.warmFor().equals(Optional.of(order)))
          .count();
    } finally {
      table.lock.unlock();
    }
  }

  private void clear(List<WarmOrder> wanted) {
    var places = new HashMap<Fingerprint, Integer>();
    wanted.forEach(order -> places.merge(order.fingerprint(), order.settings().warm(), Math::max));
    ends.retireAll(
        session ->
            session
                .warmFor()
                .filter(order -> places.merge(order, -1, Integer::sum) < 0)
                .isPresent(),
        CloseReason.STALE);
  }

  /** False when there is no room, or when it came to nothing. */
  private boolean startOne(WarmOrder order) {
    var start = order.starts().next();
    var place = pool.place(order, start);
    if (place.isEmpty()) {
      return false;
    }
    var session = place.get();
    try {
      var why = greeted(order, start, session);
      if (why.isEmpty()) {
        failures.remove(order.fingerprint());
        return true;
      }
      ends.end(session, CloseReason.NEVER_READY);
      failed(order, why.get());
      return false;
    } catch (RuntimeException | Error e) {
      ends.end(session, CloseReason.OUT_OF_STEP);
      failed(order, e.toString());
      return false;
    }
  }

  private void failed(WarmOrder order, String why) {
    if (Thread.currentThread().isInterrupted()) {
      return; // We stop.
    }
    var before = failures.get(order.fingerprint());
    int count = before == null ? 1 : before.count + 1;
    var pause = PAUSE_AFTER_FAILURE.multipliedBy(1L << Math.min(count - 1, MOST_DOUBLINGS));
    failures.put(order.fingerprint(), new Failures(count, System.nanoTime() + pause.toNanos()));
    // The first turn will meet the same, and tell of it.
    LOG.log(
        Level.WARNING,
        "no process of {0} can be started ahead, the next try is in {1}: {2}",
        order.backend(),
        pause,
        why);
  }

  /** Why it is not ready, if it is not. */
  private Optional<String> greeted(WarmOrder order, WarmOrder.Start start, LiveSession session) {
    return switch (starts.start(session, start.preparation())) {
      case Outcome.NotStarted(var message) -> Optional.of(message);
      case Outcome.ClosedUnder(var why) -> Optional.of(why.code());
      case Outcome.Running(var process, var greeting) -> {
        var speech =
            new LiveTurn(
                process, Nobody.HEARS, order.limits(), 0, () -> session.heard(table.now()));
        var trouble = speech.greet(greeting);
        if (trouble.isEmpty()) {
          pool.becameReady(session);
        }
        yield trouble.map(spoken -> spoken.outcome().toString());
      }
    };
  }

  /** Listens while a process is greeted for no turn. */
  private enum Nobody implements LiveExchange {
    HEARS;

    @Override
    public String input() {
      throw new IllegalStateException("there is no turn");
    }

    @Override
    public void early(String line) {}

    @Override
    public Heard hear(String line) {
      return new Heard.GoesOn();
    }

    @Override
    public boolean begun() {
      return false;
    }

    @Override
    public Optional<String> interruption() {
      return Optional.empty();
    }
  }
}
