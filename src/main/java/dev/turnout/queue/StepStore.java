package dev.turnout.queue;

import static dev.turnout.queue.QueueStore.array;

import dev.turnout.events.TurnEvent;
import dev.turnout.events.TurnEventJson;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.Recovery;
import dev.turnout.turn.RunRef;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The statement that ends runs and claims more, {@code turnout.step}. */
final class StepStore {
  private static final String STEP = "select * from turnout.step(?,?, ?,?,?,?,?,?,?,?, ?,?,?, ?)";

  /** How a turn ends that was told to while nobody runs it any more. */
  static final String CANCELLED =
      TurnEventJson.write(new TurnEvent.Cancelled(Optional.empty(), List.of(), ""));

  private StepStore() {}

  /**
   * A run that ends.
   *
   * @param json its event
   * @param keep run the session's next turn here at once
   */
  record Ending(ClaimedTurn claimed, Settlement settlement, String json, boolean keep) {
    /** The code of {@code turnout.turn.state}; 0 gives the turn back. */
    short state() {
      return switch (settlement) {
        case Settlement.GiveBack _ -> 0;
        case Settlement.End end -> stateCode(end.state());
      };
    }
  }

  /** What came of a step. */
  record Outcome(
      List<SessionId> lost, List<ClaimedTurn> kept, List<ClaimedTurn> claimed, long batch) {}

  static short stateCode(TurnState state) {
    return switch (state) {
      case QUEUED, RUNNING -> 0;
      case SUCCEEDED -> 1;
      case FAILED -> 2;
      case CANCELLED -> 3;
      case EXPIRED -> 4;
      case DROPPED -> 5;
      case MERGED -> 6;
    };
  }

  /**
   * Takes the step.
   *
   * @param endings sorted by session, the order in which every batch locks
   */
  static Outcome step(
      Connection c,
      int owner,
      Instant now,
      List<Ending> endings,
      List<Long> batches,
      Map<LaneId, Integer> wants)
      throws SQLException {
    try (var statement = c.prepareStatement(STEP)) {
      statement.setInt(1, owner);
      QueueStore.setInstant(statement, 2, now);
      statement.setArray(3, array(c, "int8", endings, e -> run(e).session().value()));
      statement.setArray(4, array(c, "int4", endings, e -> run(e).epoch()));
      statement.setArray(5, array(c, "uuid", endings, e -> run(e).turn().value()));
      statement.setArray(6, array(c, "int8", endings, e -> e.claimed().seq()));
      statement.setArray(7, array(c, "int2", endings, Ending::state));
      statement.setArray(
          8, array(c, "text", endings, e -> TurnEventJson.kind(e.settlement().event())));
      statement.setArray(9, array(c, "text", endings, Ending::json));
      statement.setArray(10, array(c, "bool", endings, Ending::keep));
      statement.setArray(11, c.createArrayOf("int8", batches.toArray()));
      var lanes = List.copyOf(wants.keySet());
      statement.setArray(12, array(c, "text", lanes, LaneId::value));
      statement.setArray(13, array(c, "int4", lanes, lane -> wants.getOrDefault(lane, 0)));
      statement.setString(14, CANCELLED);
      try (var rows = statement.executeQuery()) {
        return read(rows, owner);
      }
    }
  }

  private static RunRef run(Ending ending) {
    return ending.claimed().run();
  }

  private static Outcome read(ResultSet rows, int owner) throws SQLException {
    var lost = new ArrayList<SessionId>();
    var kept = new ArrayList<ClaimedTurn>();
    var claimed = new ArrayList<ClaimedTurn>();
    long batch = 0;
    while (rows.next()) {
      var session = new SessionId(rows.getLong("session_id"));
      var verdict = rows.getString("verdict");
      switch (verdict) {
        case "lost" -> lost.add(session);
        case "kept" -> kept.add(turn(rows, session, owner));
        case "claimed" -> {
          batch = rows.getLong("batch");
          claimed.add(turn(rows, session, owner));
        }
        default -> throw new IllegalStateException("turnout.step answered " + verdict);
      }
    }
    return new Outcome(lost, kept, claimed, batch);
  }

  private static ClaimedTurn turn(ResultSet row, SessionId session, int owner) throws SQLException {
    return new ClaimedTurn(
        new RunRef(
            new TurnId(row.getObject("turn_id", UUID.class)), session, owner, row.getInt("epoch")),
        row.getLong("seq"),
        row.getInt("runs"),
        new AgentId(row.getString("agent")),
        RouteChoices.read(row.getString("model"), row.getString("route")),
        new LaneId(row.getString("lane")),
        Recovery.ofCode(row.getString("recovery")),
        row.getString("input"),
        row.getTimestamp("created_at").toInstant(),
        Optional.ofNullable(row.getTimestamp("expires_at")).map(Timestamp::toInstant),
        row.getBoolean("steer"),
        Optional.ofNullable(row.getObject("handed_to", UUID.class)).map(TurnId::new));
  }
}
