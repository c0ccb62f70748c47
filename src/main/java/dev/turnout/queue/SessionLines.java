package dev.turnout.queue;

import dev.turnout.events.TurnBell;
import dev.turnout.events.TurnEvent;
import dev.turnout.events.TurnEventJson;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TurnId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Moves of a whole line: what is in it ends, or it goes with everything in it. */
@ApplicationScoped
public class SessionLines {
  /** Most turns whose rows are removed in one commit. */
  private static final int PURGE = 500;

  private static final String ABORT = "select running, ended from turnout.abort_session(?, ?, ?)";
  private static final String DELETE = "select running, ended from turnout.delete_session(?, ?, ?)";
  private static final String FORGET_TURNS = "select turnout.forget_turns(?, ?)";
  private static final String PURGE_ONCE = "select turnout.purge_deleted(?)";

  private static final String DELETED =
      """
      select session_id, deleted_at from turnout.deleted_session
      where (deleted_at, session_id) > (?, ?) order by deleted_at, session_id limit ?
      """;

  /**
   * Without a time to begin at: from a minute ago, which is longer than commits take to be seen.
   */
  private static final String RESET =
      """
      select id, reset_at from turnout.session
      where (reset_at, id) > (coalesce(?, clock_timestamp() - interval '1 minute'), ?)
      order by reset_at, id limit ?
      """;

  private final DataSource database;
  private final TurnQueue queue;
  private final TurnBell bell;
  private final Clock clock;

  @Inject
  public SessionLines(
      @QueueDatabase DataSource database, TurnQueue queue, TurnBell bell, Clock clock) {
    this.database = database;
    this.queue = queue;
    this.bell = bell;
    this.clock = clock;
  }

  /**
   * Cancels what waits and tells what runs to end, all at once.
   *
   * @return how many turns were ended or told to
   */
  public int abort(SessionId session) {
    var met = call(ABORT, session, "aborted");
    return met.ended.size() + (met.running.isPresent() ? 1 : 0);
  }

  /** Deletes a session and its turns, or ends what runs and waits in it where something runs. */
  public DeleteResult delete(SessionId session) {
    return call(DELETE, session, "deleted")
        .running
        .<DeleteResult>map(DeleteResult.Running::new)
        .orElseGet(DeleteResult.Deleted::new);
  }

  private record Met(Optional<TurnId> running, List<TurnId> ended) {}

  private Met call(String move, SessionId session, String participle) {
    var event = new TurnEvent.Cancelled(Optional.empty(), List.of(), "");
    Met met;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(move)) {
      statement.setLong(1, session.value());
      statement.setTimestamp(2, Timestamp.from(clock.instant()));
      statement.setString(3, TurnEventJson.write(event));
      try (var row = statement.executeQuery()) {
        row.next();
        met = met(row);
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("the session could not be " + participle, e);
    }
    met.ended.forEach(bell::ring);
    if (met.running.isPresent()) {
      queue.runsWereSignalled();
    }
    return met;
  }

  private static Met met(ResultSet row) throws SQLException {
    var ended = new ArrayList<TurnId>();
    for (var id : (UUID[]) row.getArray("ended").getArray()) {
      ended.add(new TurnId(id));
    }
    return new Met(
        Optional.ofNullable(row.getObject("running", UUID.class)).map(TurnId::new), ended);
  }

  /** Removes what deleted sessions left in the tables, which nobody sees any more. */
  public void purgeDeleted() {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(PURGE_ONCE)) {
      statement.setInt(1, PURGE);
      boolean more = true;
      while (more) {
        try (var row = statement.executeQuery()) {
          row.next();
          more = row.getBoolean(1);
        }
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("deleted sessions cannot be purged", e);
    }
  }

  /**
   * Removes up to so many turns that ended before this time, with their events, decisions and
   * idempotency keys.
   *
   * @return how many there were
   */
  public int forgetTurns(Instant before, int limit) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(FORGET_TURNS)) {
      statement.setTimestamp(1, Timestamp.from(before));
      statement.setInt(2, limit);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("old turns cannot be removed", e);
    }
  }

  /**
   * A session that was deleted.
   *
   * @param at by the database's clock
   */
  public record Deleted(SessionId session, Instant at) {}

  /**
   * Sessions that were deleted in the last 30 days, in that order, from the one behind {@code
   * after}.
   */
  public List<Deleted> deletedAfter(Deleted after, int limit) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(DELETED)) {
      statement.setTimestamp(1, Timestamp.from(after.at));
      statement.setLong(2, after.session.value());
      statement.setInt(3, limit);
      var deleted = new ArrayList<Deleted>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          deleted.add(
              new Deleted(new SessionId(rows.getLong(1)), rows.getTimestamp(2).toInstant()));
        }
      }
      return deleted;
    } catch (SQLException e) {
      throw new StoreUnavailable("deleted sessions cannot be read", e);
    }
  }

  /**
   * A session that was reset, and when for the last time.
   *
   * @param at by the database's clock
   */
  public record Reset(SessionId session, Instant at) {}

  /** Sessions by their last reset, from the one behind {@code after}, or else lately. */
  public List<Reset> resetAfter(Optional<Reset> after, int limit) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(RESET)) {
      statement.setTimestamp(1, after.map(last -> Timestamp.from(last.at)).orElse(null));
      statement.setLong(2, after.map(last -> last.session.value()).orElse(0L));
      statement.setInt(3, limit);
      var found = new ArrayList<Reset>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(new Reset(new SessionId(rows.getLong(1)), rows.getTimestamp(2).toInstant()));
        }
      }
      return found;
    } catch (SQLException e) {
      throw new StoreUnavailable("sessions that were reset cannot be read", e);
    }
  }
}
