package dev.turnout.queue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.failure.StorableText;
import dev.turnout.turn.Outside;
import dev.turnout.turn.PermissionOutcome;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TurnId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
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

  private static final String READ =
      "select turn_id, ref, kind, data from turnout.run_word where owner = ? order by at, ref";

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

  private final DataSource database;
  private final TurnQueue queue;
  private final Clock clock;

  @Inject
  public RunWords(DataSource database, TurnQueue queue, Clock clock) {
    this.database = database;
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
          words.add(word(rows));
        }
      }
      return words;
    } catch (SQLException e) {
      throw new StoreUnavailable("words to runs cannot be read", e);
    }
  }

  private static RunWord word(ResultSet row) throws SQLException {
    var turn = new TurnId(row.getObject("turn_id", UUID.class));
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
}
