package dev.turnout.queue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.events.TurnBell;
import dev.turnout.events.TurnEvent;
import dev.turnout.events.TurnEventJson;
import dev.turnout.failure.StorableText;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.Outside;
import dev.turnout.turn.PermissionOutcome;
import dev.turnout.turn.RunRef;
import dev.turnout.turn.SteerRefusal;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TurnId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * What people say to turns that run, on whichever replica: rows for the replica that runs the turn,
 * beside a notification. A row stays until its turn has ended, so that there is no second answer to
 * a question.
 */
@ApplicationScoped
public class RunWords {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Turns that ask to be taken in come in the order of their session. */
  private static final String READ =
      """
      select w.turn_id, w.ref, w.kind, w.data, t.id, t.input, t.agent, t.model, t.route
      from turnout.run_word w
        left join turnout.turn t on t.id = case when w.kind = 'steer' then w.ref::uuid end
      where w.owner = ? order by coalesce(t.seq, 0), w.at, w.ref
      """;

  private static final String ANSWER = "select turnout.answer_question(?, ?, ?, ?)";

  private static final String FORGET =
      "delete from turnout.run_word where owner = ? and turn_id = ?";

  private static final String OPEN =
      """
      select a.data::json ->> 'question' from turnout.turn_event a
      where a.turn_id = ? and a.kind = 'permission_asked' and not exists (
        select 1 from turnout.turn_event b where b.turn_id = a.turn_id and b.kind = 'permission_answered'
          and b.data::json ->> 'question' = a.data::json ->> 'question')
      order by a.n
      """;

  private static final String PASSED_OVER =
      """
      with gone as (delete from turnout.run_word where kind = 'steer' and ref = ? returning 1)
      select exists (select 1 from turnout.turn_event where turn_id = ? and kind = 'not_steered') as told,
        exists (select 1 from gone) as wished
      """;

  private final DataSource database;
  private final TurnBell bell;
  private final TurnQueue queue;
  private final Clock clock;

  @Inject
  public RunWords(DataSource database, TurnBell bell, TurnQueue queue, Clock clock) {
    this.database = database;
    this.bell = bell;
    this.queue = queue;
    this.clock = clock;
  }

  /**
   * Answers a question of a running turn. The first answer counts.
   *
   * @throws StoreUnavailable when the database does not answer
   */
  public AnswerResult answer(TurnId turn, Outside.Answer answer) {
    var data = Map.of("outcome", answer.outcome().code(), "reason", answer.reason().orElse(""));
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(ANSWER)) {
      statement.setObject(1, turn.value());
      statement.setString(2, answer.question());
      statement.setString(3, StorableText.of(JSON.writeValueAsString(data)));
      statement.setTimestamp(4, Timestamp.from(clock.instant()));
      try (var rows = statement.executeQuery()) {
        rows.next();
        var result = AnswerResult.valueOf(rows.getString(1).toUpperCase(Locale.ROOT));
        if (result == AnswerResult.TOLD) {
          queue.runsWereSignalled();
        }
        return result;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of texts can be written", e);
    } catch (SQLException e) {
      throw new StoreUnavailable("turn " + turn + " could not be told an answer", e);
    }
  }

  /** All that was said to turns of this replica; what was read before is among it. */
  public List<RunWord> waiting(Replica replica) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(READ)) {
      statement.setInt(1, replica.id());
      var words = new ArrayList<RunWord>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          // Of a session that was deleted meanwhile there is nothing to say.
          boolean gone = rows.getString("kind").equals("steer") && rows.getString("input") == null;
          if (!gone) {
            words.add(word(rows));
          }
        }
      }
      return words;
    } catch (SQLException e) {
      throw new StoreUnavailable("words to runs cannot be read", e);
    }
  }

  private static RunWord word(ResultSet row) throws SQLException {
    var turn = new TurnId(row.getObject("turn_id", UUID.class));
    if (row.getString("kind").equals("steer")) {
      return new RunWord.Steering(
          turn,
          new Outside.Message(new TurnId(row.getObject("id", UUID.class)), row.getString("input")),
          new AgentId(row.getString("agent")),
          RouteChoices.read(row.getString("model"), row.getString("route")));
    }
    try {
      var data = JSON.readTree(row.getString("data"));
      return new RunWord.Answered(
          turn,
          new Outside.Answer(
              row.getString("ref"),
              PermissionOutcome.ofCode(data.path("outcome").asText()),
              Optional.of(data.path("reason").asText()).filter(text -> !text.isEmpty())));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored word is not readable", e);
    }
  }

  /** The questions that an earlier run of this turn asked, and died with. */
  public List<String> openQuestions(TurnId turn) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(OPEN)) {
      statement.setObject(1, turn.value());
      var questions = new ArrayList<String>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          questions.add(rows.getString(1));
        }
      }
      return questions;
    } catch (SQLException e) {
      throw new StoreUnavailable("the questions of turn " + turn + " cannot be read", e);
    }
  }

  /** The turn has ended here: nothing is to be said to it any more. */
  public void forget(int owner, TurnId turn) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(FORGET)) {
      statement.setInt(1, owner);
      statement.setObject(2, turn.value());
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new StoreUnavailable("words to turn " + turn + " cannot be removed", e);
    }
  }

  /**
   * From now on the words of this turn are on their way into the one that runs. False when it has
   * ended before, or the run has lost its hold.
   */
  public boolean handOver(TurnId steering, RunRef into) {
    return move(
        "select turnout.hand_over(?, ?, ?, ?, ?)",
        steering,
        statement -> {
          statement.setObject(2, into.turn().value());
          bind(statement, 3, into);
        });
  }

  /** The turn was taken into the one that runs, and has ended with that. */
  public boolean absorb(TurnId steering, RunRef into) {
    return move(
        "select turnout.absorb(?, ?, ?, ?, ?, ?)",
        steering,
        statement -> {
          bind(statement, 2, into);
          statement.setTimestamp(5, Timestamp.from(clock.instant()));
          statement.setString(6, TurnEventJson.write(new TurnEvent.Merged(into.turn())));
        });
  }

  /** The turn was not taken, and waits in the line like any other. */
  public boolean takeBack(TurnId steering, RunRef from, SteerRefusal why) {
    var event = new TurnEvent.NotSteered(Optional.of(from.turn()), why);
    var cancelled = new TurnEvent.Cancelled(Optional.empty(), List.of(), "");
    return move(
        "select turnout.take_back(?, ?, ?, ?, ?, ?, ?, ?)",
        steering,
        statement -> {
          statement.setObject(2, from.turn().value());
          bind(statement, 3, from);
          statement.setTimestamp(6, Timestamp.from(clock.instant()));
          statement.setString(7, TurnEventJson.write(event));
          statement.setString(8, TurnEventJson.write(cancelled));
        });
  }

  private interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private static void bind(PreparedStatement statement, int at, RunRef run) throws SQLException {
    statement.setLong(at, run.session().value());
    statement.setInt(at + 1, run.replica());
    statement.setInt(at + 2, run.epoch());
  }

  private boolean move(String sql, TurnId steering, Binding binding) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, steering.value());
      binding.bind(statement);
      boolean done;
      try (var rows = statement.executeQuery()) {
        rows.next();
        done = rows.getString(1).equals("done");
      }
      if (done) {
        bell.ring(steering);
      }
      return done;
    } catch (SQLException e) {
      throw new StoreUnavailable("turn " + steering + " could not be steered", e);
    }
  }

  /**
   * A turn that asked to be taken in begins a run of its own: nobody is to take it any more.
   * Answers why it was not taken, unless its events say so already.
   */
  public Optional<SteerRefusal> passedOver(TurnId steering) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(PASSED_OVER)) {
      statement.setString(1, steering.toString());
      statement.setObject(2, steering.value());
      try (var rows = statement.executeQuery()) {
        rows.next();
        var why = rows.getBoolean("wished") ? SteerRefusal.TURN_ENDING : SteerRefusal.NOTHING_RAN;
        return rows.getBoolean("told") ? Optional.empty() : Optional.of(why);
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("the events of turn " + steering + " cannot be read", e);
    }
  }
}
