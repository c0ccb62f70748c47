package dev.turnout.queue;

import dev.turnout.turn.StoreUnavailable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Who is alive. One lease a replica, not one a turn, by the database's clock alone. A replica that
 * has not renewed in time is dead to the others, and they take its sessions.
 */
@ApplicationScoped
public class Replicas {
  private static final String REGISTER =
      """
      insert into turnout.replica (id, home, host, pid, started_at, lease_until)
      values (nextval('turnout.replica_id'), ?, ?, ?, now(), now() + ? * interval '1 millisecond')
      returning id
      """;
  private static final String RENEW =
      "update turnout.replica set lease_until = now() + ? * interval '1 millisecond' where id = ?";
  private static final String PREDECESSORS =
      "select id from turnout.replica where home = ? and id <> ?";

  /**
   * Also who claimed after its rescue, while it did not know of it: steps from owner to owner in
   * the index of the log.
   */
  private static final String OVERDUE =
      """
      with recursive claimant(id) as (
        select min(owner) from turnout.claim_log
        union all
        select (select min(c.owner) from turnout.claim_log c where c.owner > x.id)
          from claimant x where x.id is not null)
      select id from turnout.replica where lease_until < now()
      union all
      select x.id from claimant x
        where x.id is not null and not exists (select 1 from turnout.replica r where r.id = x.id)
      """;

  private static final String RESCUE = "select turnout.rescue(?, ?, ?)";
  private static final String LEAVE = "delete from turnout.replica where id = ?";

  private final DataSource database;

  @Inject
  public Replicas(DataSource database) {
    this.database = database;
  }

  /** Enters a new incarnation. */
  public Replica register(String home, String host, long pid, Duration lease) {
    return ask(
        "this replica cannot be registered",
        () -> {
          try (var connection = database.getConnection();
              var statement = connection.prepareStatement(REGISTER)) {
            statement.setString(1, home);
            statement.setString(2, host);
            statement.setLong(3, pid);
            statement.setLong(4, lease.toMillis());
            try (var rows = statement.executeQuery()) {
              rows.next();
              return new Replica(rows.getInt(1), home);
            }
          }
        });
  }

  /** Prolongs the lease; false when others have already taken this replica for dead. */
  public boolean renew(Replica replica, Duration lease) {
    return ask(
        "the lease cannot be renewed",
        () -> {
          try (var connection = database.getConnection();
              var statement = connection.prepareStatement(RENEW)) {
            statement.setLong(1, lease.toMillis());
            statement.setInt(2, replica.id());
            return statement.executeUpdate() == 1;
          }
        });
  }

  /**
   * Takes back the sessions of earlier incarnations on our own data directory. We hold its lock, so
   * they are dead whatever their lease says.
   *
   * @return how many sessions came back
   */
  public int rescuePredecessors(Replica self) {
    return ask(
        "earlier incarnations cannot be looked up",
        () -> {
          int sessions = 0;
          for (int dead : ids(PREDECESSORS, self.home(), self.id())) {
            sessions += Math.max(rescue(dead, true), 0);
          }
          return sessions;
        });
  }

  /** Takes back the sessions of every replica whose lease has run out, or that is gone. */
  public int rescueOverdue() {
    return ask(
        "overdue replicas cannot be looked up",
        () -> {
          int sessions = 0;
          for (int dead : ids(OVERDUE)) {
            sessions += Math.max(rescue(dead, false), 0);
          }
          return sessions;
        });
  }

  /** Leaves in order: nothing of this replica runs any more. */
  public void leave(Replica replica) {
    ask(
        "this replica cannot be signed off",
        () -> {
          rescue(replica.id(), true);
          try (var connection = database.getConnection();
              var statement = connection.prepareStatement(LEAVE)) {
            statement.setInt(1, replica.id());
            return statement.executeUpdate();
          }
        });
  }

  private int rescue(int dead, boolean certain) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(RESCUE)) {
      statement.setInt(1, dead);
      statement.setBoolean(2, certain);
      statement.setString(3, StepStore.CANCELLED);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  private List<Integer> ids(String sql, Object... arguments) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      var ids = new ArrayList<Integer>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getInt(1));
        }
      }
      return ids;
    }
  }

  private interface Question<T> {
    T ask() throws SQLException;
  }

  private static <T> T ask(String failing, Question<T> question) {
    try {
      return question.ask();
    } catch (SQLException e) {
      throw new StoreUnavailable(failing, e);
    }
  }
}
