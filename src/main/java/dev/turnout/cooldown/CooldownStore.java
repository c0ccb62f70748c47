package dev.turnout.cooldown;

import dev.turnout.failure.Failure;
import dev.turnout.turn.StoreUnavailable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The rows. Failures change one under its lock, so that those of two replicas count one after the
 * other; everything else is a single statement that says for itself whether it still applies. Each
 * change is told to the other replicas after its commit: inside it, NOTIFY would make the commits
 * of all replicas wait for each other.
 */
final class CooldownStore {
  static final String CHANNEL = "turnout_cooldown";

  /** From a set of cooldowns called {@code changed} into the history. */
  static final String HISTORY =
      " insert into turnout.cooldown_history (cooldown_id, scope, account, backend, runtime, model,"
          + " lane, kind, at, reason, rule, excerpt, step, rests_until, who, why)"
          + " select id, scope, account, backend, runtime, model, lane, ?, ?, reason, rule,"
          + " excerpt, step, rests_until, ?, ? from changed";

  private static final String SELECT =
      "select " + CooldownRows.COLUMNS + " from turnout.cooldown where ";

  private static final String LOCK = SELECT + CooldownRows.BY_KEY + " for update";

  private static final String NOTE =
      "with changed as (select * from turnout.cooldown where id = ?)" + HISTORY;

  /** An attempt that began before the latest failure proves nothing about what came after. */
  private static final String RECOVER =
      "with changed as (delete from turnout.cooldown where id = ? and last_at <= ? returning *)"
          + HISTORY;

  private static final String CLEAR =
      "with changed as (delete from turnout.cooldown where id = ? returning *)" + HISTORY;

  /** The compare-and-set that leaves one owner in the fleet. */
  private static final String PROBE =
      "with changed as (update turnout.cooldown set probe_owner = ?, probe_until = ?"
          + " where id = ? and probe_needed and rests_until <= ?"
          + " and (probe_until is null or probe_until <= ?) returning *)"
          + HISTORY;

  private static final String PROBE_BY_HAND =
      "with changed as (update turnout.cooldown set probe_owner = ?, probe_until = ?"
          + " where id = ? and (probe_until is null or probe_until <= ?) returning *)"
          + HISTORY;

  private static final String ANSWERED =
      "with changed as (update turnout.cooldown set probe_needed = false, probe_owner = null,"
          + " probe_until = null where id = ? and probe_owner = ? returning *)"
          + HISTORY;

  private static final String RELEASE =
      "update turnout.cooldown set probe_owner = null, probe_until = null"
          + " where id = ? and probe_owner = ?";

  private final DataSource database;

  CooldownStore(DataSource database) {
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
      throw new StoreUnavailable("cooldowns: " + what, e);
    }
  }

  List<Cooldown> all() {
    return with(
        "cannot be read",
        connection -> {
          try (var statement = connection.prepareStatement(SELECT + "true");
              var rows = statement.executeQuery()) {
            var all = new ArrayList<Cooldown>();
            while (rows.next()) {
              all.add(CooldownRows.read(rows));
            }
            return all;
          }
        });
  }

  /** Counts this failure; answers the cooldown as it stands then. */
  Cooldown failed(CooldownKey key, Failure failure, RestRule rule, Instant startedAt, Instant now) {
    return inCommit(
        "a failure cannot be counted",
        connection -> failed(connection, key, failure, rule, startedAt, now));
  }

  /** In one commit, told to the others after it. */
  private <T> T inCommit(String what, Work<T> work) {
    return with(
        what,
        connection -> {
          connection.setAutoCommit(false);
          T done;
          try {
            done = work.run(connection);
            connection.commit();
          } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
          } finally {
            connection.setAutoCommit(true);
          }
          tell(connection);
          return done;
        });
  }

  private static Cooldown failed(
      Connection connection,
      CooldownKey key,
      Failure failure,
      RestRule rule,
      Instant startedAt,
      Instant now)
      throws SQLException {
    // Again when a success deleted the row between the look for it and its lock.
    while (true) {
      var first = Cooldown.begun(UUID.randomUUID(), key, failure, rule, now);
      if (inserted(connection, first)) {
        if (first.step() > 0) {
          note(connection, first.id(), CooldownChange.Kind.RESTED, now);
        }
        return first;
      }
      var before = locked(connection, key);
      if (before.isPresent()) {
        var after = before.get().failed(failure, rule, startedAt, now);
        if (!after.equals(before.get())) {
          try (var statement = connection.prepareStatement(CooldownRows.UPDATE)) {
            CooldownRows.bindUpdate(statement, after);
            statement.executeUpdate();
          }
          if (!after.until().equals(before.get().until())) {
            note(connection, after.id(), CooldownChange.Kind.RESTED, now);
          }
        }
        return after;
      }
    }
  }

  private static boolean inserted(Connection connection, Cooldown cooldown) throws SQLException {
    try (var statement = connection.prepareStatement(CooldownRows.INSERT)) {
      CooldownRows.bindInsert(statement, cooldown);
      return statement.executeUpdate() == 1;
    }
  }

  private static Optional<Cooldown> locked(Connection connection, CooldownKey key)
      throws SQLException {
    try (var statement = connection.prepareStatement(LOCK)) {
      CooldownRows.bindKey(statement, 1, key);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(CooldownRows.read(rows)) : Optional.empty();
      }
    }
  }

  private static void note(Connection connection, UUID id, CooldownChange.Kind kind, Instant now)
      throws SQLException {
    try (var statement = connection.prepareStatement(NOTE)) {
      statement.setObject(1, id);
      bindHistory(statement, 2, kind, now, Optional.empty(), Optional.empty());
      statement.executeUpdate();
    }
  }

  private static void bindHistory(
      PreparedStatement statement,
      int from,
      CooldownChange.Kind kind,
      Instant now,
      Optional<String> who,
      Optional<String> why)
      throws SQLException {
    statement.setString(from, kind.code());
    statement.setTimestamp(from + 1, Timestamp.from(now));
    statement.setString(from + 2, who.orElse(null));
    statement.setString(from + 3, why.orElse(null));
  }

  /** Ends it, unless a failure came after the attempt that succeeded had begun. */
  boolean recovered(UUID id, Instant startedAt, Instant now) {
    return changed(
        RECOVER,
        statement -> {
          statement.setObject(1, id);
          statement.setTimestamp(2, Timestamp.from(startedAt));
          bindHistory(
              statement, 3, CooldownChange.Kind.RECOVERED, now, Optional.empty(), Optional.empty());
        });
  }

  /** Ends it, together with what belongs into the same commit; false when it is no more. */
  boolean cleared(UUID id, String who, String why, Instant now, Alongside also) {
    return inCommit(
        "one cannot be cleared",
        connection -> {
          var before = CooldownQueries.find(connection, id, true);
          if (before.isEmpty()) {
            return false;
          }
          try (var statement = connection.prepareStatement(CLEAR)) {
            statement.setObject(1, id);
            bindHistory(
                statement, 2, CooldownChange.Kind.CLEARED, now, Optional.of(who), Optional.of(why));
            statement.executeUpdate();
          }
          also.run(connection, before);
          return true;
        });
  }

  Optional<Cooldown> find(UUID id) {
    return with("one cannot be read", c -> CooldownQueries.find(c, id, false));
  }

  List<Cooldown> page(
      CooldownFilter filter, Optional<Cooldowns.Place> after, int size, Instant now) {
    return with("cannot be read", c -> CooldownQueries.page(c, filter, after, size, now));
  }

  /** Puts it in the place of any other of its key. */
  void create(Cooldown cooldown, String who, String why, Instant now, Alongside also) {
    inCommit(
        "cannot be made",
        connection -> {
          var before = locked(connection, cooldown.key());
          try (var statement =
              connection.prepareStatement(
                  "delete from turnout.cooldown where" + CooldownRows.BY_KEY)) {
            CooldownRows.bindKey(statement, 1, cooldown.key());
            statement.executeUpdate();
          }
          inserted(connection, cooldown);
          try (var statement = connection.prepareStatement(NOTE)) {
            statement.setObject(1, cooldown.id());
            bindHistory(
                statement, 2, CooldownChange.Kind.CREATED, now, Optional.of(who), Optional.of(why));
            statement.executeUpdate();
          }
          also.run(connection, before);
          return true;
        });
  }

  /** Whether this owner alone may go first now. */
  boolean probe(UUID id, Cooldown.Probe probe, Instant now) {
    return changed(
        PROBE,
        statement -> {
          statement.setString(1, probe.owner());
          statement.setTimestamp(2, Timestamp.from(probe.until()));
          statement.setObject(3, id);
          statement.setTimestamp(4, Timestamp.from(now));
          statement.setTimestamp(5, Timestamp.from(now));
          bindHistory(
              statement, 6, CooldownChange.Kind.PROBED, now, Optional.empty(), Optional.empty());
        });
  }

  /** The same at a person's wish: while it rests, too, and whether or not anybody must go first. */
  boolean probeByHand(UUID id, Cooldown.Probe probe, String who, Instant now) {
    return changed(
        PROBE_BY_HAND,
        statement -> {
          statement.setString(1, probe.owner());
          statement.setTimestamp(2, Timestamp.from(probe.until()));
          statement.setObject(3, id);
          statement.setTimestamp(4, Timestamp.from(now));
          bindHistory(
              statement,
              5,
              CooldownChange.Kind.PROBED,
              now,
              Optional.of(who),
              Optional.of("probed by hand"));
        });
  }

  boolean answered(UUID id, String owner, Instant now) {
    return changed(
        ANSWERED,
        statement -> {
          statement.setObject(1, id);
          statement.setString(2, owner);
          bindHistory(
              statement, 3, CooldownChange.Kind.ANSWERED, now, Optional.empty(), Optional.empty());
        });
  }

  boolean released(UUID id, String owner) {
    return changed(
        RELEASE,
        statement -> {
          statement.setObject(1, id);
          statement.setString(2, owner);
        });
  }

  private interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }

  /** One statement that still applied, told to the others. */
  private boolean changed(String sql, Binding binding) {
    return with(
        "cannot be changed",
        connection -> {
          try (var statement = connection.prepareStatement(sql)) {
            binding.bind(statement);
            if (statement.executeUpdate() == 0) {
              return false;
            }
          }
          tell(connection);
          return true;
        });
  }

  static void tell(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("select pg_notify('" + CHANNEL + "', '')");
    }
  }

  /** Adds to what each has saved. */
  void avoided(Map<UUID, Long> counts) {
    with(
        "what they saved cannot be counted",
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  "update turnout.cooldown set avoided = avoided + ? where id = ?")) {
            for (var count : counts.entrySet()) {
              statement.setLong(1, count.getValue());
              statement.setObject(2, count.getKey());
              statement.executeUpdate();
            }
          }
          return true;
        });
  }

  /** The changes of one cooldown, oldest first. */
  List<CooldownChange> history(CooldownKey key, int limit) {
    return with("their history cannot be read", c -> CooldownQueries.history(c, key, limit));
  }

  /** Those whose last rest ended before this, and history older than it. */
  void forget(Instant before) {
    with(
        "old ones cannot be dropped",
        connection -> {
          for (var sql :
              List.of(
                  "delete from turnout.cooldown where coalesce(rests_until, last_at) < ?",
                  "delete from turnout.cooldown_history where at < ?")) {
            try (var statement = connection.prepareStatement(sql)) {
              statement.setTimestamp(1, Timestamp.from(before));
              statement.executeUpdate();
            }
          }
          return true;
        });
  }
}
