package dev.turnout.decision;

import dev.turnout.failure.FailureReason;
import dev.turnout.failure.RecordedFailure;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.RunRef;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TurnId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** The decisions that were kept, newest first. */
@ApplicationScoped
public class DecisionLog {
  private static final Logger LOG = System.getLogger(DecisionLog.class.getName());

  /**
   * The turn's end is written behind this in the same log and waits for the disk: what is lost with
   * these rows was lost with the end, too.
   */
  private static final String NO_WAIT = "set local synchronous_commit to off";

  private static final String RECORDED =
      """
      select d.id, d.turn_id, d.at, d.reason, d.rule, d.facts from turnout.decision d
        where d.facts is not null and d.id >= ? and d.at >= ? and d.id < ?
        order by d.id desc limit ?
      """;

  private static final String FORGET =
      """
      delete from turnout.decision where id in (
        select id from turnout.decision where id < ? order by id limit ? for update skip locked)
      """;

  private final DataSource database;

  @Inject
  public DecisionLog(DataSource database) {
    this.database = database;
  }

  /** What a statement is told, in the order of its question marks. */
  private interface Values {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /**
   * Keeps the steps of one run, in their order. Never fails: a turn is worth more than its record,
   * and what cannot be written is said in the log.
   */
  public void keep(RunRef run, AgentId agent, LaneId lane, List<Decision> steps) {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        insert(connection, run, agent, lane, steps);
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException | RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "the {0} decisions of turn {1} are not kept: {2}",
          steps.size(),
          run.turn(),
          e.getMessage());
    }
  }

  private static void insert(
      Connection connection, RunRef run, AgentId agent, LaneId lane, List<Decision> steps)
      throws SQLException {
    try (var local = connection.createStatement()) {
      local.execute(NO_WAIT);
    }
    try (var statement = connection.prepareStatement(DecisionRows.INSERT)) {
      for (int i = 0; i < steps.size(); i++) {
        var step = steps.get(i);
        DecisionRows.bind(statement, run, agent, lane, TimedIds.at(step.at(), i), step);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /**
   * A page of decisions, newest first; those of deleted sessions are none.
   *
   * @param before only those behind this one in the list; empty from the newest
   */
  public List<KeptDecision> page(DecisionFilter filter, Optional<UUID> before, int size) {
    var where = new Conditions();
    before.ifPresent(id -> where.add("d.id < ?", id));
    where.add(filter);
    return list(
        DecisionRows.SELECT + where.sql() + " order by d.id desc limit ?",
        statement -> statement.setInt(where.bind(statement), size),
        DecisionRows::read);
  }

  /**
   * A failed attempt with what was seen of it.
   *
   * @param failure its id is that of the decision
   */
  public record Recorded(UUID id, TurnId turn, Instant at, RecordedFailure failure) {}

  /**
   * Failures with their facts, newest first.
   *
   * @param since not before
   * @param before only those behind this one; empty from the newest
   */
  public List<Recorded> recorded(Instant since, Optional<UUID> before, int size) {
    return list(
        RECORDED,
        statement -> {
          statement.setObject(1, TimedIds.floor(since));
          statement.setTimestamp(2, Timestamp.from(since));
          statement.setObject(3, before.orElseGet(() -> new UUID(-1, -1)));
          statement.setInt(4, size);
        },
        DecisionLog::recorded);
  }

  private static Recorded recorded(ResultSet row) throws SQLException {
    var id = row.getObject("id", UUID.class);
    return new Recorded(
        id,
        new TurnId(row.getObject("turn_id", UUID.class)),
        row.getTimestamp("at").toInstant(),
        new RecordedFailure(
            id.toString(),
            DecisionRows.facts(row.getString("facts")),
            FailureReason.ofCode(row.getString("reason")),
            row.getString("rule")));
  }

  private <T> List<T> list(String sql, Values values, Row<T> row) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      values.bind(statement);
      var found = new ArrayList<T>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(row.read(rows));
        }
      }
      return found;
    } catch (SQLException e) {
      throw new StoreUnavailable("decisions cannot be read", e);
    }
  }

  /**
   * Forgets the oldest of those that were made before this time.
   *
   * @param atMost how many, in one commit
   * @return how many it were
   */
  public int forget(Instant before, int atMost) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(FORGET)) {
      statement.setObject(1, TimedIds.floor(before));
      statement.setInt(2, atMost);
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw new StoreUnavailable("old decisions cannot be forgotten", e);
    }
  }
}
