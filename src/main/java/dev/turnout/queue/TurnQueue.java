package dev.turnout.queue;

import dev.turnout.events.TurnBell;
import dev.turnout.events.TurnEvent;
import dev.turnout.events.TurnEventJson;
import dev.turnout.queue.AdmissionPump.Waiting;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import javax.sql.DataSource;

/**
 * The durable line of every session. An admitted turn is on disk; it is run by one replica at a
 * time, in the order of its session; and it ends exactly once, with its last event in the same
 * commit.
 */
@ApplicationScoped
public class TurnQueue {
  /** Two, so that one batch gathers and one flushes while a third is answered. */
  private static final int ADMISSION_PUMPS = 2;

  private static final String END_WAITING = "select turnout.end_waiting(?, ?, ?, ?, ?, ?)";

  private static final String LANES_WAITING =
      """
      with recursive shards(shard) as (values (0), (?)), lane(shard, name) as (
        select s.shard, (select min(r.lane) from turnout.ready r where r.shard = s.shard)
          from shards s
        union all
        select l.shard, (select min(r.lane) from turnout.ready r
            where r.shard = l.shard and r.lane > l.name)
          from lane l where l.name is not null)
      select distinct name from lane where name is not null
      """;

  private final DataSource database;
  private final TurnBell bell;
  private final Clock clock;
  private final Permits permits = new Permits();
  private final Holds holds = new Holds();
  private final LinkedBlockingQueue<Waiting> admissions = new LinkedBlockingQueue<>();
  private final List<AdmissionPump> admissionPumps;
  private final StepPump steps;
  private final WakeUps wakeUps;
  private final LostClaims lostClaims;
  private volatile int sessionBurst = 8;

  @Inject
  public TurnQueue(@QueueDatabase DataSource database, TurnBell bell, Clock clock) {
    this.database = database;
    this.bell = bell;
    this.clock = clock;
    this.steps = new StepPump(database, clock, permits, holds, bell, () -> sessionBurst);
    this.wakeUps = new WakeUps(database, steps::wake);
    this.lostClaims = new LostClaims(database, clock, holds);
    this.admissionPumps =
        java.util.stream.IntStream.range(0, ADMISSION_PUMPS)
            .mapToObj(
                _ ->
                    new AdmissionPump(
                        database, clock, permits, holds, admissions, this::sessionsBecameReady))
            .toList();
  }

  /**
   * Lets a turn in, or says why not. Returns after the commit.
   *
   * @throws StoreUnavailable when the database does not answer
   */
  public AdmissionResult admit(NewTurn turn) throws InterruptedException {
    var waiting = new Waiting(turn);
    admissions.add(waiting);
    return waiting.await();
  }

  /** From now on claims sessions for this replica, this many at once in each lane. */
  public void open(Replica replica, Map<LaneId, Integer> widths, int burst) {
    sessionBurst = burst;
    holds.reset(replica.id());
    permits.open(widths, replica.id());
    steps.wake();
  }

  /** From now on this many sessions at once in each lane; what runs goes on in any case. */
  public void resize(Map<LaneId, Integer> widths, int burst) {
    sessionBurst = burst;
    permits.resize(widths);
    steps.wake();
  }

  /**
   * The lanes in which sessions wait for somebody to run them. Steps from lane to lane in the
   * index, however many sessions wait in each.
   *
   * @throws StoreUnavailable when the database does not answer
   */
  public Set<LaneId> lanesWaiting() {
    var lanes = new HashSet<LaneId>();
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(LANES_WAITING)) {
      statement.setInt(1, holds.replica());
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          lanes.add(new LaneId(rows.getString(1)));
        }
      }
      return lanes;
    } catch (SQLException e) {
      throw new StoreUnavailable("the waiting lanes cannot be read", e);
    }
  }

  /**
   * Puts back sessions that are ours by a commit whose answer never came, so that nobody runs them.
   * To be called once a second: most rounds look at nothing.
   *
   * @throws StoreUnavailable when the database does not answer
   */
  public void putBackLostClaims() {
    try {
      if (lostClaims.round() > 0) {
        sessionsBecameReady();
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("lost claims cannot be looked for", e);
    }
  }

  /** Claims nothing more; what runs may end. Admission goes on. */
  public void pause() {
    permits.close();
  }

  /** The next turn to run; waits for one. */
  public ClaimedTurn take() throws InterruptedException {
    return holds.take();
  }

  /** How many sessions this process holds. */
  public int held() {
    return holds.size();
  }

  /**
   * Writes the end of a run. Waits through a database that is away: a finished turn is not given
   * up.
   *
   * @param last the number of the run's last event, so that who listens is told the next one; 0
   *     when it is not known
   * @return false when the hold was lost; the end then counts for nothing
   */
  public boolean settle(ClaimedTurn claimed, Settlement settlement, int last)
      throws InterruptedException {
    try {
      return steps.end(claimed, settlement, last).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a step does not fail, it waits", e);
    }
  }

  /**
   * Ends a turn that waits, or tells its runner to end it.
   *
   * @throws StoreUnavailable when the database does not answer
   */
  public CancelResult cancel(TurnId turn) {
    var event = new TurnEvent.Cancelled(Optional.empty(), List.of(), "");
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(END_WAITING)) {
      statement.setObject(1, turn.value());
      statement.setShort(2, StepStore.stateCode(TurnState.CANCELLED));
      statement.setTimestamp(3, Timestamp.from(clock.instant()));
      statement.setString(4, TurnEventJson.kind(event));
      statement.setString(5, TurnEventJson.write(event));
      statement.setString(6, RunSignal.CANCEL);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return outcome(turn, rows.getString(1));
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("turn " + turn + " could not be cancelled", e);
    }
  }

  private CancelResult outcome(TurnId turn, String verdict) {
    return switch (verdict) {
      case "ended" -> {
        bell.ring(turn);
        yield new CancelResult.Ended();
      }
      case "running" -> {
        wakeUps.sendSignal();
        yield new CancelResult.Signalled();
      }
      case "over" -> new CancelResult.AlreadyOver();
      default -> throw new IllegalStateException("turnout.end_waiting answered " + verdict);
    };
  }

  /** Calls back when a run signal may be waiting for this replica; see {@link RunSignals}. */
  public void onSignal(Runnable callback) {
    wakeUps.onSignal(callback);
  }

  /** Sessions became ready by other means than an admission: delayed turns, a rescue. */
  public void sessionsBecameReady() {
    steps.wake();
    // Free permits here mean that we take them ourselves; else somebody else may be idle.
    if (!permits.hasFree()) {
      wakeUps.sendReady();
    }
  }

  /** After an interrupt turn was admitted: the run that it ends may be anywhere. */
  public void runsWereSignalled() {
    wakeUps.sendSignal();
  }

  @PreDestroy
  public void stop() {
    permits.close();
    admissionPumps.forEach(AdmissionPump::close);
    steps.close();
    wakeUps.close();
  }
}
