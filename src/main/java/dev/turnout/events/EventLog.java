package dev.turnout.events;

import dev.turnout.turn.RunRef;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TurnId;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * The append-only record of every turn. Numbers are given by the database, so that they have no gap
 * and no twin even when a run loses its hold in the middle; readers see an event only after it is
 * written, so that an id once seen stays.
 */
@ApplicationScoped
public class EventLog {
  /** A burst of events is closer together than this, and who reads along does not notice it. */
  private static final Duration LINGER = Duration.ofMillis(3);

  private final EventStore store;
  private final EventPump pump;

  @Inject
  public EventLog(DataSource database, TurnBell bell, Clock clock) {
    this.store = new EventStore(database);
    this.pump = new EventPump(store, bell, clock, LINGER);
  }

  /** An event on its way to the disk. */
  public interface Appended {
    /** Waits until it is written; false when the run has lost its hold and should stop. */
    boolean await() throws InterruptedException;
  }

  /**
   * Appends an event of a running turn, soon and in order; {@link #flush} waits for it. Blocks
   * while the run is far ahead of the database.
   *
   * @param durable written only when it is on disk: the first effect of a run is, since the
   *     decision whether a crashed run may be repeated rests on it
   */
  public Appended append(RunRef run, TurnEvent event, boolean durable) throws InterruptedException {
    return pump.append(run, event, durable);
  }

  /**
   * Waits until all that was appended under this run is written.
   *
   * @return the number of the last of it; 0 when nothing was, or the hold was lost
   */
  public int flush(RunRef run) throws InterruptedException {
    return pump.flush(run).number();
  }

  /** Forgets what it keeps in memory of this run. */
  public void close(RunRef run) {
    pump.close(run);
  }

  /**
   * The next events of a turn, from the one behind {@code after}: not more than fit into memory for
   * each of many readers.
   *
   * @param after the number last seen, 0 for none
   * @throws StoreUnavailable when the database does not answer
   */
  public EventPage read(TurnId turn, int after) {
    try {
      return store.read(turn, after);
    } catch (SQLException e) {
      throw new StoreUnavailable("events of turn " + turn + " cannot be read", e);
    }
  }

  /** Whether the turn is there at all: it goes when its session is deleted, with its events. */
  public boolean exists(TurnId turn) {
    try {
      return store.exists(turn);
    } catch (SQLException e) {
      throw new StoreUnavailable("turn " + turn + " cannot be looked up", e);
    }
  }

  @PreDestroy
  public void stop() {
    pump.stop();
  }
}
