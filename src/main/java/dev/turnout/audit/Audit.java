package dev.turnout.audit;

import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
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

/**
 * The trail of what people did. A change and its line belong into one commit: hand the connection
 * of the change to {@link #record(Connection, AuditEntry)}, or call {@link #record(AuditEntry)}
 * inside the JTA transaction of the change. Outside of both the line has a commit of its own.
 */
@ApplicationScoped
public class Audit {
  private static final String INSERT =
      "insert into turnout.audit (at, key_id, who, tenant, action, target, why, before, after,"
          + " result, request_id, remote) values (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?)";

  private static final String OLD = "select exists (select 1 from turnout.audit where at < ?)";

  private static final String FORGET = "select turnout.forget_audit(?, ?)";

  private final DataSource database;
  private final Clock clock;

  @Inject
  public Audit(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Adds a line: in the JTA transaction of this thread if it has one, else at once.
   *
   * @throws StoreUnavailable when it cannot be written; the change must not come about then
   */
  public void record(AuditEntry entry) {
    try (var connection = database.getConnection()) {
      record(connection, entry);
    } catch (SQLException e) {
      throw new StoreUnavailable("the audit trail cannot be written", e);
    }
  }

  /** Adds a line to the transaction of this connection. */
  public void record(Connection connection, AuditEntry entry) throws SQLException {
    try (var statement = connection.prepareStatement(INSERT)) {
      statement.setTimestamp(1, Timestamp.from(clock.instant()));
      statement.setObject(2, entry.who().key().orElse(null));
      statement.setString(3, AuditState.storable(entry.who().name()));
      statement.setString(4, entry.who().tenant().value());
      statement.setString(5, entry.action());
      statement.setString(6, AuditState.storable(entry.target()));
      statement.setString(7, entry.why().map(AuditState::storable).orElse(null));
      statement.setString(8, entry.before().map(AuditState::json).orElse(null));
      statement.setString(9, entry.after().map(AuditState::json).orElse(null));
      statement.setString(10, entry.result().code());
      statement.setString(11, entry.requestId().orElse(null));
      statement.setString(12, entry.remote().orElse(null));
      statement.executeUpdate();
    }
  }

  /**
   * The lines that this filter lets through, newest first.
   *
   * @param before the id of the last line of the page before
   */
  public List<AuditLine> page(AuditFilter filter, Optional<Long> before, int size) {
    var sql = new StringBuilder("select * from turnout.audit where id < ?");
    filter.who().ifPresent(_ -> sql.append(" and (who = ? or key_id::text = ?)"));
    // The thing before the dot is a prefix; a bare comparison keeps LIKE's wildcards out.
    filter.action().ifPresent(_ -> sql.append(" and (action = ? or starts_with(action, ?))"));
    filter.target().ifPresent(_ -> sql.append(" and target = ?"));
    filter.from().ifPresent(_ -> sql.append(" and at >= ?"));
    filter.to().ifPresent(_ -> sql.append(" and at < ?"));
    sql.append(" order by id desc limit ?");
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql.toString())) {
      bind(statement, filter, before.orElse(Long.MAX_VALUE), size);
      try (var rows = statement.executeQuery()) {
        var lines = new ArrayList<AuditLine>();
        while (rows.next()) {
          lines.add(read(rows));
        }
        return lines;
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("the audit trail cannot be read", e);
    }
  }

  /**
   * Takes away the lines before this time, which leaves a line; none of the last thirty days.
   *
   * @param why in words for those who read the trail
   * @return how many there were; with none nothing is written
   */
  public long forget(Instant before, String why) {
    try (var connection = database.getConnection();
        var old = connection.prepareStatement(OLD);
        var forget = connection.prepareStatement(FORGET)) {
      old.setTimestamp(1, Timestamp.from(before));
      forget.setTimestamp(1, Timestamp.from(before));
      forget.setString(2, why);
      // The function locks the table and leaves a line, so it is not called for nothing.
      return number(old, row -> row.getBoolean(1) ? 1 : 0) == 0
          ? 0
          : number(forget, row -> row.getLong(1));
    } catch (SQLException e) {
      throw new StoreUnavailable("old lines of the audit trail cannot be taken away", e);
    }
  }

  private interface Reading {
    long of(ResultSet row) throws SQLException;
  }

  private static long number(PreparedStatement statement, Reading reading) throws SQLException {
    try (var row = statement.executeQuery()) {
      row.next();
      return reading.of(row);
    }
  }

  private static void bind(PreparedStatement statement, AuditFilter filter, long before, int size)
      throws SQLException {
    int at = 1;
    statement.setLong(at++, before);
    if (filter.who().isPresent()) {
      statement.setString(at++, filter.who().get());
      statement.setString(at++, filter.who().get());
    }
    if (filter.action().isPresent()) {
      statement.setString(at++, filter.action().get());
      statement.setString(at++, filter.action().get() + ".");
    }
    if (filter.target().isPresent()) {
      statement.setString(at++, filter.target().get());
    }
    for (var time : List.of(filter.from(), filter.to())) {
      if (time.isPresent()) {
        statement.setTimestamp(at++, Timestamp.from(time.get()));
      }
    }
    statement.setInt(at, size);
  }

  private static AuditLine read(ResultSet row) throws SQLException {
    return new AuditLine(
        row.getLong("id"),
        instant(row),
        Optional.ofNullable(row.getObject("key_id", UUID.class)),
        row.getString("who"),
        new TenantId(row.getString("tenant")),
        row.getString("action"),
        row.getString("target"),
        Optional.ofNullable(row.getString("why")),
        Optional.ofNullable(row.getString("before")),
        Optional.ofNullable(row.getString("after")),
        AuditEntry.Result.ofCode(row.getString("result")),
        Optional.ofNullable(row.getString("request_id")),
        Optional.ofNullable(row.getString("remote")));
  }

  private static Instant instant(ResultSet row) throws SQLException {
    return row.getTimestamp("at").toInstant();
  }
}
