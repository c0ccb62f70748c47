package dev.turnout.session;

import dev.turnout.turn.BackendId;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.StoreUnavailable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Optional;
import javax.sql.DataSource;

/** By which id each backend remembers a session, and how much of it. */
@ApplicationScoped
public class BackendMemories {
  private static final String RECALL =
      "select ref, known_seq from turnout.session_backend where session_id = ? and backend = ?";

  private static final String REMEMBER = "select turnout.remember(?, ?, ?, ?, ?)";

  private static final String FORGET =
      "delete from turnout.session_backend where session_id = ? and backend = ?";

  private final DataSource database;
  private final Clock clock;

  @Inject
  public BackendMemories(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** What this backend remembers of the session. */
  public Optional<BackendMemory> recall(SessionId session, BackendId backend) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(RECALL)) {
      statement.setLong(1, session.value());
      statement.setString(2, backend.value());
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(new BackendMemory(rows.getString(1), rows.getLong(2)))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("what " + backend + " remembers cannot be read", e);
    }
  }

  /**
   * Keeps it, before the turn ends: the next turn may start in the same moment. A turn that began
   * before its session was reset or deleted keeps nothing.
   */
  public void remember(SessionId session, BackendId backend, BackendMemory memory) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(REMEMBER)) {
      statement.setLong(1, session.value());
      statement.setString(2, backend.value());
      statement.setString(3, memory.ref());
      statement.setLong(4, memory.knownSeq());
      statement.setTimestamp(5, Timestamp.from(clock.instant()));
      statement.execute();
    } catch (SQLException e) {
      throw new StoreUnavailable("what " + backend + " remembers cannot be kept", e);
    }
  }

  /** The backend has lost the conversation; the next turn tells it anew. */
  public void forget(SessionId session, BackendId backend) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(FORGET)) {
      statement.setLong(1, session.value());
      statement.setString(2, backend.value());
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new StoreUnavailable("what " + backend + " remembers cannot be dropped", e);
    }
  }
}
