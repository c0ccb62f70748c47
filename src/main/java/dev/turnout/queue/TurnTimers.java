package dev.turnout.queue;

import dev.turnout.events.TurnBell;
import dev.turnout.events.TurnEvent;
import dev.turnout.events.TurnEventJson;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TurnId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.UUID;
import javax.sql.DataSource;

/** Lets delayed turns in when they are due, and ends those that did not start in time. */
@ApplicationScoped
public class TurnTimers {
  /** Most timers in one commit. */
  private static final int BATCH = 500;

  private static final String RELEASE = "select turnout.release_due(?, ?)";
  private static final String EXPIRE = "select turnout.expire_overdue(?, ?, ?)";

  private final DataSource database;
  private final TurnQueue queue;
  private final TurnBell bell;
  private final Clock clock;

  @Inject
  public TurnTimers(
      @QueueDatabase DataSource database, TurnQueue queue, TurnBell bell, Clock clock) {
    this.database = database;
    this.queue = queue;
    this.bell = bell;
    this.clock = clock;
  }

  /** One round; any replica may do it at any time. Answers whether there was anything to do. */
  public boolean runOnce() {
    try (var connection = database.getConnection()) {
      int released;
      try (var statement = connection.prepareStatement(RELEASE)) {
        statement.setTimestamp(1, Timestamp.from(clock.instant()));
        statement.setInt(2, BATCH);
        try (var rows = statement.executeQuery()) {
          rows.next();
          released = rows.getInt(1);
        }
      }
      if (released > 0) {
        queue.sessionsBecameReady();
      }
      int expired = 0;
      try (var statement = connection.prepareStatement(EXPIRE)) {
        statement.setTimestamp(1, Timestamp.from(clock.instant()));
        statement.setInt(2, BATCH);
        statement.setString(3, TurnEventJson.write(new TurnEvent.Expired()));
        try (var rows = statement.executeQuery()) {
          for (; rows.next(); expired++) {
            bell.ring(new TurnId(rows.getObject(1, UUID.class)));
          }
        }
      }
      return released + expired > 0;
    } catch (SQLException e) {
      throw new StoreUnavailable("timers cannot be read", e);
    }
  }
}
