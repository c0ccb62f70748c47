package dev.turnout.drill;

import dev.turnout.failure.FailureReason;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.RunRef;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** Drills as rows. */
final class DrillStore {
  private static final String SELECT = "select * from turnout.fault_drill where ";

  private static final String INSERT =
      "insert into turnout.fault_drill (id, backend, auth_profile, reason, tenant, sessions, agents,"
          + " cooldowns, note, made_by, created_at, expires_at, turns, turns_left)"
          + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String STRIKE = "select turnout.strike(?, ?, ?, ?)";

  private static final String END =
      "update turnout.fault_drill set ended_at = ?"
          + " where id = ? and ended_at is null and expires_at > ?";

  private static final String FORGET =
      """
      with old as (delete from turnout.fault_drill where expires_at < ? returning id)
      delete from turnout.fault_drill_turn t using old where t.drill_id = old.id
      """;

  private final DataSource database;

  DrillStore(DataSource database) {
    this.database = database;
  }

  /** Work on one connection. */
  private interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  private <T> T with(String what, Work<T> work) {
    try (var connection = database.getConnection()) {
      return work.run(connection);
    } catch (SQLException e) {
      throw new StoreUnavailable("fault drills: " + what, e);
    }
  }

  void insert(FaultDrill drill) {
    with(
        "one cannot be kept",
        connection -> {
          try (var statement = connection.prepareStatement(INSERT)) {
            bind(connection, statement, drill);
            return statement.executeUpdate();
          }
        });
  }

  private static void bind(Connection c, PreparedStatement statement, FaultDrill drill)
      throws SQLException {
    var order = drill.order();
    statement.setObject(1, drill.id());
    statement.setString(2, order.backend().map(BackendId::value).orElse(null));
    statement.setString(3, order.authProfile().map(AuthProfileId::value).orElse(null));
    statement.setString(4, order.reason().code());
    statement.setString(5, order.tenant().map(TenantId::value).orElse(null));
    setTexts(c, statement, 6, order.sessions().stream().map(SessionKey::value).toList());
    setTexts(c, statement, 7, order.agents().stream().map(AgentId::value).toList());
    statement.setBoolean(8, order.cooldowns());
    statement.setString(9, order.note().orElse(null));
    statement.setString(10, drill.madeBy());
    statement.setTimestamp(11, Timestamp.from(drill.createdAt()));
    statement.setTimestamp(12, Timestamp.from(drill.expiresAt()));
    for (int index = 13; index <= 14; index++) {
      if (order.turns().isPresent()) {
        statement.setInt(index, order.turns().getAsInt());
      } else {
        statement.setNull(index, Types.INTEGER);
      }
    }
  }

  private static void setTexts(
      Connection c, PreparedStatement statement, int index, Collection<String> texts)
      throws SQLException {
    if (texts.isEmpty()) {
      statement.setNull(index, Types.ARRAY);
    } else {
      statement.setArray(index, c.createArrayOf("text", texts.toArray()));
    }
  }

  /** Those that may still fail something at this time. */
  List<FaultDrill> open(Instant now) {
    return query(
        "ended_at is null and expires_at > ?", s -> s.setTimestamp(1, Timestamp.from(now)));
  }

  Optional<FaultDrill> find(UUID id) {
    return query("id = ?", s -> s.setObject(1, id)).stream().findFirst();
  }

  List<FaultDrill> page(Instant createdAt, UUID id, int size) {
    return query(
        "(created_at, id) < (?, ?) order by created_at desc, id desc limit ?",
        statement -> {
          statement.setTimestamp(1, Timestamp.from(createdAt));
          statement.setObject(2, id);
          statement.setInt(3, size);
        });
  }

  /** Whether it fails an attempt of this turn, which is counted when it was not yet. */
  boolean strike(UUID drill, RunRef run, Instant now) {
    return with(
        "one cannot be counted",
        connection -> {
          try (var statement = connection.prepareStatement(STRIKE)) {
            statement.setObject(1, drill);
            statement.setObject(2, run.turn().value());
            statement.setLong(3, run.session().value());
            statement.setTimestamp(4, Timestamp.from(now));
            try (var row = statement.executeQuery()) {
              row.next();
              return row.getBoolean(1);
            }
          }
        });
  }

  /** False when it had ended before, or there is none. */
  boolean end(UUID drill, Instant now) {
    return with(
        "one cannot be ended",
        connection -> {
          try (var statement = connection.prepareStatement(END)) {
            statement.setTimestamp(1, Timestamp.from(now));
            statement.setObject(2, drill);
            statement.setTimestamp(3, Timestamp.from(now));
            return statement.executeUpdate() > 0;
          }
        });
  }

  /** Drops those that expired before this time. */
  void forget(Instant before) {
    with(
        "old ones cannot be dropped",
        connection -> {
          try (var statement = connection.prepareStatement(FORGET)) {
            statement.setTimestamp(1, Timestamp.from(before));
            return statement.executeUpdate();
          }
        });
  }

  /** The values of a query. */
  private interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private List<FaultDrill> query(String where, Binding binding) {
    return with(
        "cannot be read",
        connection -> {
          try (var statement = connection.prepareStatement(SELECT + where)) {
            binding.bind(statement);
            var drills = new ArrayList<FaultDrill>();
            try (var rows = statement.executeQuery()) {
              while (rows.next()) {
                drills.add(read(rows));
              }
            }
            return drills;
          }
        });
  }

  private static FaultDrill read(ResultSet row) throws SQLException {
    var createdAt = row.getTimestamp("created_at").toInstant();
    var expiresAt = row.getTimestamp("expires_at").toInstant();
    var order =
        new Order(
            Optional.ofNullable(row.getString("backend")).map(BackendId::new),
            Optional.ofNullable(row.getString("auth_profile")).map(AuthProfileId::new),
            FailureReason.ofCode(row.getString("reason")),
            Optional.ofNullable(row.getString("tenant")).map(TenantId::new),
            texts(row, "sessions", SessionKey::new),
            texts(row, "agents", AgentId::new),
            row.getBoolean("cooldowns"),
            Optional.ofNullable(row.getString("note")),
            number(row, "turns"),
            Duration.between(createdAt, expiresAt));
    return new FaultDrill(
        row.getObject("id", UUID.class),
        order,
        row.getString("made_by"),
        createdAt,
        expiresAt,
        Optional.ofNullable(row.getTimestamp("ended_at")).map(Timestamp::toInstant),
        number(row, "turns_left"),
        row.getLong("hits"));
  }

  private static <T> Set<T> texts(ResultSet row, String column, Function<String, T> read)
      throws SQLException {
    var array = row.getArray(column);
    return array == null
        ? Set.of()
        : Stream.of((String[]) array.getArray()).map(read).collect(Collectors.toSet());
  }

  private static OptionalInt number(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(value);
  }
}
