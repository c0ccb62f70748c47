package dev.turnout.cooldown;

import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Cooldowns as rows, in one order of columns. */
final class CooldownRows {
  static final String COLUMNS =
      "id, scope, account, backend, runtime, model, lane, reason, rule, summary, retry_at, field,"
          + " excerpt, failures, step, first_at, last_at, stepped_at, rests_until, probe_needed,"
          + " probe_owner, probe_until, avoided";

  static final String INSERT =
      "insert into turnout.cooldown ("
          + COLUMNS
          + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " on conflict (scope, account, backend, runtime, model, lane) do nothing";

  /** {@code avoided} is counted by statements of its own. */
  static final String UPDATE =
      "update turnout.cooldown set reason = ?, rule = ?, summary = ?, retry_at = ?, field = ?,"
          + " excerpt = ?, failures = ?, step = ?, first_at = ?, last_at = ?, stepped_at = ?,"
          + " rests_until = ?, probe_needed = ?, probe_owner = ?, probe_until = ? where id = ?";

  static final String BY_KEY =
      " scope = ? and account = ? and backend = ? and runtime = ? and model = ? and lane = ?";

  private CooldownRows() {}

  static Cooldown read(ResultSet row) throws SQLException {
    var owner = Optional.ofNullable(row.getString("probe_owner"));
    var probeEnd = instant(row, "probe_until");
    return new Cooldown(
        row.getObject("id", UUID.class),
        key(row),
        new Failure(
            FailureReason.ofCode(row.getString("reason")),
            row.getString("rule"),
            row.getString("summary"),
            instant(row, "retry_at"),
            Optional.ofNullable(row.getString("field")),
            Optional.ofNullable(row.getString("excerpt"))),
        row.getInt("failures"),
        row.getInt("step"),
        required(row, "first_at"),
        required(row, "last_at"),
        instant(row, "stepped_at"),
        instant(row, "rests_until"),
        row.getBoolean("probe_needed"),
        owner.flatMap(name -> probeEnd.map(until -> new Cooldown.Probe(name, until))),
        row.getLong("avoided"));
  }

  static CooldownChange readChange(ResultSet row) throws SQLException {
    return new CooldownChange(
        row.getObject("cooldown_id", UUID.class),
        key(row),
        CooldownChange.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        required(row, "at"),
        row.getString("reason"),
        row.getString("rule"),
        Optional.ofNullable(row.getString("excerpt")),
        row.getInt("step"),
        instant(row, "rests_until"),
        Optional.ofNullable(row.getString("who")),
        Optional.ofNullable(row.getString("why")));
  }

  static void bindInsert(PreparedStatement statement, Cooldown c) throws SQLException {
    statement.setObject(1, c.id());
    int at = bindKey(statement, 2, c.key());
    at = bindState(statement, at, c);
    statement.setLong(at, c.avoided());
  }

  static void bindUpdate(PreparedStatement statement, Cooldown c) throws SQLException {
    statement.setObject(bindState(statement, 1, c), c.id());
  }

  /** Answers the place after the last one bound. */
  static int bindKey(PreparedStatement statement, int from, CooldownKey key) throws SQLException {
    statement.setString(from, key.scope().code());
    statement.setString(from + 1, key.account());
    statement.setString(from + 2, key.backend());
    statement.setString(from + 3, key.runtime());
    statement.setString(from + 4, key.model());
    statement.setString(from + 5, key.lane());
    return from + 6;
  }

  private static int bindState(PreparedStatement statement, int from, Cooldown c)
      throws SQLException {
    var failure = c.failure();
    statement.setString(from, failure.reason().code());
    statement.setString(from + 1, failure.rule());
    statement.setString(from + 2, failure.summary());
    statement.setTimestamp(from + 3, timestamp(failure.retryAt()));
    statement.setString(from + 4, failure.matchedField().orElse(null));
    statement.setString(from + 5, failure.excerpt().orElse(null));
    statement.setInt(from + 6, c.failures());
    statement.setInt(from + 7, c.step());
    statement.setTimestamp(from + 8, Timestamp.from(c.firstAt()));
    statement.setTimestamp(from + 9, Timestamp.from(c.lastAt()));
    statement.setTimestamp(from + 10, timestamp(c.steppedAt()));
    statement.setTimestamp(from + 11, timestamp(c.until()));
    statement.setBoolean(from + 12, c.probeNeeded());
    statement.setString(from + 13, c.probe().map(Cooldown.Probe::owner).orElse(null));
    statement.setTimestamp(from + 14, timestamp(c.probe().map(Cooldown.Probe::until)));
    return from + 15;
  }

  private static CooldownKey key(ResultSet row) throws SQLException {
    return new CooldownKey(
        CooldownScope.ofCode(row.getString("scope")),
        row.getString("account"),
        row.getString("backend"),
        row.getString("runtime"),
        row.getString("model"),
        row.getString("lane"));
  }

  static @Nullable Timestamp timestamp(Optional<Instant> at) {
    return at.map(Timestamp::from).orElse(null);
  }

  private static Instant required(ResultSet row, String column) throws SQLException {
    return row.getTimestamp(column).toInstant();
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
  }
}
