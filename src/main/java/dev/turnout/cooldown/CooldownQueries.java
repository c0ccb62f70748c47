package dev.turnout.cooldown;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads cooldowns for people: from the database, not from the memory of one replica. */
final class CooldownQueries {
  private static final String SELECT =
      "select " + CooldownRows.COLUMNS + " from turnout.cooldown where ";

  private CooldownQueries() {}

  static Optional<Cooldown> find(Connection connection, UUID id, boolean lock) throws SQLException {
    try (var statement =
        connection.prepareStatement(SELECT + "id = ?" + (lock ? " for update" : ""))) {
      statement.setObject(1, id);
      return read(statement).stream().findFirst();
    }
  }

  /** The latest first; from the one behind this place. */
  static List<Cooldown> page(
      Connection connection,
      CooldownFilter filter,
      Optional<Cooldowns.Place> after,
      int size,
      Instant now)
      throws SQLException {
    var equal = equal(filter);
    var sql = new StringBuilder(SELECT).append("true");
    equal.keySet().forEach(column -> sql.append(" and ").append(column).append(" = ?"));
    filter
        .resting()
        .ifPresent(
            resting ->
                sql.append(" and coalesce(rests_until > ?, false) = ")
                    .append(resting ? "true" : "false"));
    after.ifPresent(_ -> sql.append(" and (first_at, id) < (?, ?)"));
    sql.append(" order by first_at desc, id desc limit ?");
    try (var statement = connection.prepareStatement(sql.toString())) {
      int at = 1;
      for (var value : equal.values()) {
        statement.setString(at++, value);
      }
      if (filter.resting().isPresent()) {
        statement.setTimestamp(at++, Timestamp.from(now));
      }
      if (after.isPresent()) {
        statement.setTimestamp(at++, Timestamp.from(after.get().firstAt()));
        statement.setObject(at++, after.get().id());
      }
      statement.setInt(at, size);
      return read(statement);
    }
  }

  /** The newest changes of one key, oldest first. */
  static List<CooldownChange> history(Connection connection, CooldownKey key, int limit)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "select * from turnout.cooldown_history where"
                + CooldownRows.BY_KEY
                + " order by id desc limit ?")) {
      statement.setInt(CooldownRows.bindKey(statement, 1, key), limit);
      try (var rows = statement.executeQuery()) {
        var changes = new ArrayList<CooldownChange>();
        while (rows.next()) {
          changes.addFirst(CooldownRows.readChange(rows));
        }
        return changes;
      }
    }
  }

  private static Map<String, String> equal(CooldownFilter filter) {
    var equal = new LinkedHashMap<String, String>();
    filter.scope().ifPresent(scope -> equal.put("scope", scope.code()));
    filter.account().ifPresent(account -> equal.put("account", account));
    filter.backend().ifPresent(backend -> equal.put("backend", backend));
    filter.runtime().ifPresent(runtime -> equal.put("runtime", runtime));
    filter.model().ifPresent(model -> equal.put("model", model));
    filter.lane().ifPresent(lane -> equal.put("lane", lane));
    filter.reason().ifPresent(reason -> equal.put("reason", reason.code()));
    return equal;
  }

  private static List<Cooldown> read(PreparedStatement statement) throws SQLException {
    try (var rows = statement.executeQuery()) {
      var found = new ArrayList<Cooldown>();
      while (rows.next()) {
        found.add(CooldownRows.read(rows));
      }
      return found;
    }
  }
}
