package dev.turnout.queue;

import dev.turnout.turn.AgentId;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.StoreUnavailable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** What waits, for people and for plans: each question reads all open turns. */
@ApplicationScoped
public class WaitingTurns {
  /** The lowest open turn of a running line runs; all others wait. */
  private static final String COUNT =
      """
      select t.agent, t.lane, count(*)
        from turnout.session_line l
        join turnout.turn t on t.session_id = l.session_id and t.state = 0
          and (t.seq is null or t.seq > l.done)
        where l.pending + l.deferred > 0
          and not (l.state = 2 and t.seq = (select min(h.seq) from turnout.turn h
            where h.session_id = l.session_id and h.seq > l.done and h.state = 0))
        group by t.agent, t.lane order by t.agent, t.lane
      """;

  private final DataSource database;

  @Inject
  public WaitingTurns(DataSource database) {
    this.database = database;
  }

  /** So many turns of this agent wait in this lane, delayed ones included. */
  public record Count(AgentId agent, LaneId lane, long turns) {}

  /** How many wait, by agent and lane. */
  public List<Count> count() {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(COUNT);
        var rows = statement.executeQuery()) {
      var counts = new ArrayList<Count>();
      while (rows.next()) {
        counts.add(
            new Count(
                new AgentId(rows.getString(1)), new LaneId(rows.getString(2)), rows.getLong(3)));
      }
      return counts;
    } catch (SQLException e) {
      throw new StoreUnavailable("waiting turns cannot be counted", e);
    }
  }
}
