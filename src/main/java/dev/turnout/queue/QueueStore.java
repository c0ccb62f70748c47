package dev.turnout.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;

/** Small shared manners of this room's statements. */
final class QueueStore {
  private QueueStore() {}

  /** A connection that stays with one pump: it is asked for again only after it broke. */
  static final class Held implements AutoCloseable {
    private final DataSource database;
    private @org.jspecify.annotations.Nullable Connection connection;

    Held(DataSource database) {
      this.database = database;
    }

    Connection get() throws SQLException {
      var held = connection;
      if (held == null) {
        held = database.getConnection();
        connection = held;
      }
      return held;
    }

    /** After an error: the next {@link #get} starts afresh. */
    void drop() {
      var held = connection;
      connection = null;
      if (held != null) {
        try {
          held.close();
        } catch (SQLException e) {
          // It is broken already; there is nothing left to lose with it.
        }
      }
    }

    @Override
    public void close() {
      drop();
    }
  }

  /** Whether the same batch may be sent again: it lost a race, nothing of it took effect. */
  static boolean isLostRace(SQLException e) {
    var state = e.getSQLState();
    return "40P01".equals(state) || "40001".equals(state) || "23505".equals(state);
  }

  /**
   * With its type: for a statement with an untyped parameter, as a Timestamp is, whose rows may be
   * long the driver asks the server twice.
   */
  static void setInstant(PreparedStatement statement, int index, Instant instant)
      throws SQLException {
    statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
  }

  /** No array at all, with its type for the same reason. */
  static void setNoArray(PreparedStatement statement, int index, String element)
      throws SQLException {
    statement.setNull(index, Types.ARRAY, "_" + element);
  }

  static <T> java.sql.Array array(
      Connection connection, String type, List<T> items, Function<T, Object> column)
      throws SQLException {
    return connection.createArrayOf(type, items.stream().map(column).toArray());
  }
}
