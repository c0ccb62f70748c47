package dev.turnout.runtimeconfig;

import dev.turnout.turn.StoreUnavailable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** How far each replica says that it is. */
final class ReplicaStore {
  private static final String REPORT =
      """
      insert into turnout.replica_config
          (home, host, pid, started_at, seen_at, revision, applied_at, error, error_at)
        values (?, ?, ?, ?, now(), ?, ?, ?, ?)
        on conflict (home) do update set host = excluded.host, pid = excluded.pid,
          started_at = excluded.started_at, seen_at = excluded.seen_at,
          revision = excluded.revision, applied_at = excluded.applied_at,
          error = excluded.error, error_at = excluded.error_at
      """;

  /** A replica that was killed stays visible for a minute, with the age of its last word. */
  private static final String LIST =
      """
      select c.*, r.lease_until from turnout.replica_config c
        left join lateral (select max(x.lease_until) as lease_until from turnout.replica x
          where x.home = c.home) r on true
        where c.seen_at > now() - interval '1 minute' order by c.started_at, c.home
      """;

  private static final String FORGET =
      "delete from turnout.replica_config where home = ? or seen_at < now() - interval '1 day'";

  private final DataSource database;

  ReplicaStore(DataSource database) {
    this.database = database;
  }

  /** What a replica says of itself. */
  record Report(
      String home,
      String host,
      long pid,
      Instant startedAt,
      long revision,
      Instant appliedAt,
      Optional<String> error,
      Optional<Instant> errorAt) {}

  void write(Report report) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(REPORT)) {
      statement.setString(1, report.home());
      statement.setString(2, report.host());
      statement.setLong(3, report.pid());
      statement.setTimestamp(4, Timestamp.from(report.startedAt()));
      statement.setLong(5, report.revision());
      statement.setTimestamp(6, Timestamp.from(report.appliedAt()));
      statement.setString(7, report.error().orElse(null));
      statement.setTimestamp(8, report.errorAt().map(Timestamp::from).orElse(null));
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new StoreUnavailable("the applied revision cannot be reported", e);
    }
  }

  void forget(String home) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(FORGET)) {
      statement.setString(1, home);
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new StoreUnavailable("this replica cannot be signed off", e);
    }
  }

  List<ReplicaState> all() {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(LIST);
        var rows = statement.executeQuery()) {
      var all = new ArrayList<ReplicaState>();
      while (rows.next()) {
        all.add(
            new ReplicaState(
                rows.getString("home"),
                rows.getString("host"),
                rows.getLong("pid"),
                rows.getTimestamp("started_at").toInstant(),
                rows.getTimestamp("seen_at").toInstant(),
                rows.getLong("revision"),
                rows.getTimestamp("applied_at").toInstant(),
                Optional.ofNullable(rows.getString("error")),
                time(rows, "error_at"),
                time(rows, "lease_until")));
      }
      return all;
    } catch (SQLException e) {
      throw new StoreUnavailable("the replicas cannot be listed", e);
    }
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
  }
}
