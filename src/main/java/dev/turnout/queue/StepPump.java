package dev.turnout.queue;

import dev.turnout.events.StoredEvent;
import dev.turnout.events.TurnBell;
import dev.turnout.events.TurnEventJson;
import dev.turnout.queue.StepStore.Ending;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.SessionId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import javax.sql.DataSource;

/**
 * Ends runs and claims sessions, many in one commit and both in the same one: the permit that an
 * end frees is used by a claim of the same round trip.
 */
final class StepPump implements AutoCloseable {
  private static final Logger LOG = System.getLogger(StepPump.class.getName());

  /** Most runs that end in one commit. */
  private static final int BATCH = 500;

  /** Most sessions claimed in one commit, in each lane. */
  private static final int CLAIM = 200;

  /** How often to look for work that nobody told us of: a wake-up may be lost, work may not. */
  private static final long POLL_MILLIS = 1_000;

  private final QueueStore.Held connection;
  private final Clock clock;
  private final Permits permits;
  private final Holds holds;
  private final TurnBell bell;
  private final IntSupplier burst;
  private final ConcurrentLinkedQueue<Waiting> ended = new ConcurrentLinkedQueue<>();
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;
  private volatile boolean backlog = true;
  private volatile boolean stopped;

  StepPump(
      DataSource database,
      Clock clock,
      Permits permits,
      Holds holds,
      TurnBell bell,
      IntSupplier burst) {
    this.connection = new QueueStore.Held(database);
    this.clock = clock;
    this.permits = permits;
    this.holds = holds;
    this.bell = bell;
    this.burst = burst;
    this.thread = Thread.ofPlatform().daemon().name("step").start(this::run);
  }

  private record Waiting(
      ClaimedTurn claimed,
      Settlement settlement,
      String json,
      int last,
      CompletableFuture<Boolean> held) {
    /** The event that ended the run; only its holder gives numbers, so that it got the next. */
    List<StoredEvent> written(Instant at) {
      return List.of(StoredEvent.of(last + 1, TurnEventJson.kind(settlement.event()), json, at));
    }
  }

  /**
   * Ends a run; the future says whether the hold was still ours.
   *
   * @param last as in {@link TurnQueue#settle}
   */
  CompletableFuture<Boolean> end(ClaimedTurn claimed, Settlement settlement, int last) {
    // Written out here, once: the thread of the pump is one for all.
    var json = TurnEventJson.write(settlement.event());
    var waiting = new Waiting(claimed, settlement, json, last, new CompletableFuture<>());
    ended.add(waiting);
    wake.release();
    return waiting.held;
  }

  /** There may be sessions to claim. */
  void wake() {
    backlog = true;
    wake.release();
  }

  private void run() {
    long pause = 10;
    while (!stopped) {
      var batch = new ArrayList<Waiting>();
      try {
        if (!(backlog && permits.hasFree()) && ended.isEmpty()) {
          if (!wake.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            backlog = true;
          }
          wake.drainPermits();
        }
        takeEnded(batch);
        step(batch);
        pause = 10;
      } catch (InterruptedException e) {
        return;
      } catch (SQLException e) {
        // Ends are kept until they are written: a finished turn is not run again because Postgres
        // restarted. Whether the lost commit took effect on them shows in the epoch when we ask
        // again; what it claimed is found by LostClaims.
        ended.addAll(batch);
        backlog = true;
        if (!QueueStore.isLostRace(e)) {
          connection.drop();
          holds.doubt();
          LOG.log(Level.WARNING, "the queue waits for its database: {0}", e.getMessage());
          pause = Math.min(pause * 2, 1_000);
          if (!sleep(pause)) {
            return;
          }
        }
      }
    }
  }

  /** At most one end a session and batch: a session has one row to change. */
  private void takeEnded(List<Waiting> batch) {
    var sessions = new HashSet<SessionId>();
    var later = new ArrayList<Waiting>();
    while (batch.size() < BATCH) {
      var next = ended.poll();
      if (next == null) {
        break;
      }
      (sessions.add(next.claimed.run().session()) ? batch : later).add(next);
    }
    ended.addAll(later);
    batch.sort(Comparator.comparing(waiting -> waiting.claimed.run().session()));
  }

  private void step(List<Waiting> batch) throws SQLException {
    // INVARIANT: read once and first. When this replica joins anew meanwhile, its permits, holds
    // and batches are others, and what is of the old id touches them not.
    int owner = holds.replica();
    var endings = new ArrayList<Ending>(batch.size());
    var held = new HashMap<SessionId, Holds.Hold>();
    var wants = new HashMap<LaneId, Integer>();
    for (var waiting : batch) {
      var session = waiting.claimed.run().session();
      var hold = holds.of(waiting.claimed.run());
      boolean keep = hold != null && mayKeep(hold);
      endings.add(new Ending(waiting.claimed, waiting.settlement, waiting.json, keep));
      if (hold != null) {
        held.put(session, hold);
      }
      if (hold != null && !keep && permits.isOpen()) {
        // The permit that this end frees is spent in the same round trip.
        wants.merge(hold.lane(), 1, Integer::sum);
      }
    }
    var taken = takePermits(owner, wants);
    var batches = holds.takeClosedBatches(owner);
    if (endings.isEmpty() && wants.isEmpty() && batches.isEmpty()) {
      return;
    }
    if (!wants.isEmpty()) {
      backlog = false; // Before the look, so that a wake-up during it is kept.
    }
    long ask = holds.ask();
    try {
      var now = clock.instant();
      var outcome = StepStore.step(connection.get(), owner, now, endings, batches, wants);
      var balance = apply(batch, held, outcome, taken, wants);
      balance.forEach((lane, count) -> permits.giveBack(lane, count, owner));
      holds.add(outcome.batch(), outcome.claimed());
      tell(batch, outcome, now);
    } catch (SQLException e) {
      taken.forEach((lane, count) -> permits.giveBack(lane, count, owner));
      holds.giveBackClosedBatches(owner, batches);
      throw e;
    } finally {
      holds.answered(ask);
    }
  }

  private Map<LaneId, Integer> takePermits(int owner, Map<LaneId, Integer> wants) {
    Map<LaneId, Integer> taken = new HashMap<>();
    if (backlog) {
      for (var lane : permits.free().keySet()) {
        int most = Math.max(CLAIM - wants.getOrDefault(lane, 0), 0);
        int got = permits.take(lane, most, owner);
        if (got > 0) {
          taken.put(lane, got);
          wants.merge(lane, got, Integer::sum);
        }
      }
    }
    return taken;
  }

  /** A session goes on at once, unless others may be waiting and it has had its burst. */
  private boolean mayKeep(Holds.Hold hold) {
    return permits.isOpen() && (!backlog || hold.streak() < burst.getAsInt());
  }

  /** What came of it; answers the permits that are free by it, by lane. */
  private Map<LaneId, Integer> apply(
      List<Waiting> batch,
      Map<SessionId, Holds.Hold> held,
      StepStore.Outcome outcome,
      Map<LaneId, Integer> taken,
      Map<LaneId, Integer> wants) {
    var kept = new HashSet<SessionId>();
    for (var next : outcome.kept()) {
      kept.add(next.run().session());
      holds.keep(next);
    }
    var balance = new HashMap<>(taken);
    var lost = new HashSet<>(outcome.lost());
    for (var waiting : batch) {
      var session = waiting.claimed.run().session();
      var hold = held.get(session);
      if (hold != null && !kept.contains(session)) {
        balance.merge(hold.lane(), 1, Integer::sum);
        if (lost.contains(session)) {
          holds.doubt(); // Others took it, or a commit of ours of which we heard nothing went on.
        }
        holds.release(session, hold);
      }
      waiting.held.complete(!lost.contains(session));
    }
    var claims = new HashMap<LaneId, Integer>();
    for (var next : outcome.claimed()) {
      claims.merge(next.lane(), 1, Integer::sum);
      balance.merge(next.lane(), -1, Integer::sum);
    }
    // A lane that gave all that was asked may have more.
    if (wants.entrySet().stream()
        .anyMatch(want -> claims.getOrDefault(want.getKey(), 0) >= want.getValue())) {
      backlog = true;
    }
    return balance;
  }

  private void tell(List<Waiting> batch, StepStore.Outcome outcome, Instant now) {
    for (var waiting : batch) {
      var run = waiting.claimed.run();
      if (waiting.last > 0 && !outcome.lost().contains(run.session())) {
        bell.tell(run.turn(), () -> waiting.written(now));
        if (waiting.settlement instanceof Settlement.GiveBack) {
          bell.ring(run.turn()); // It may have ended by that.
        }
      } else {
        bell.ring(run.turn());
      }
    }
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

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    connection.close();
  }
}
