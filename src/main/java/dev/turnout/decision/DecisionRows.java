package dev.turnout.decision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.failure.SignalFacts;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.RunRef;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import dev.turnout.turn.TurnId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Decisions as rows, in one order of columns. */
final class DecisionRows {
  /**
   * The tenant is the session's; without its session nobody could find the row, so it is not
   * written. A turn that is run again counts on from where its earlier run ended.
   */
  static final String INSERT =
      """
      insert into turnout.decision (id, turn_id, session_id, tenant, agent, lane, n, at, decision,
          outcome, backend, model, auth_profile, runtime, reason, rule, summary, retry_at, field,
          excerpt, status, took_ms, cooldown_id, rests_until, next_decision, next_backend,
          next_model, next_profile, facts)
        select ?, ?, s.id, s.tenant, ?, ?,
            (select coalesce(max(d.n), 0) + 1 from turnout.decision d where d.turn_id = ?),
            ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
          from turnout.session s where s.id = ?
      """;

  static final String SELECT =
      """
      select d.id, d.turn_id, d.tenant, s.key as session_key, d.agent, d.lane, d.n, d.at,
          d.decision, d.outcome, d.backend, d.model, d.auth_profile, d.runtime, d.reason, d.rule,
          d.summary, d.retry_at, d.field, d.excerpt, d.took_ms, d.cooldown_id, d.rests_until,
          d.next_decision, d.next_backend, d.next_model, d.next_profile, d.facts
        from turnout.decision d join turnout.session s on s.id = d.session_id
      """;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, String>> FACTS = new TypeReference<>() {};

  private DecisionRows() {}

  static void bind(
      PreparedStatement statement, RunRef run, AgentId agent, LaneId lane, UUID id, Decision step)
      throws SQLException {
    var row = new Binder(statement);
    row.uuid(Optional.of(id));
    row.uuid(Optional.of(run.turn().value()));
    row.text(Optional.of(agent.value()));
    row.text(Optional.of(lane.value()));
    row.uuid(Optional.of(run.turn().value()));
    row.time(Optional.of(step.at()));
    row.text(Optional.of(step.choice().code()));
    row.text(step.outcome().map(Decision.Ending::code));
    bind(row, step.candidate());
    row.text(step.runtime());
    row.text(step.failure().map(failure -> failure.reason().code()));
    row.text(step.failure().map(Failure::rule));
    row.text(step.failure().map(Failure::summary));
    row.time(step.failure().flatMap(Failure::retryAt));
    row.text(step.failure().flatMap(Failure::matchedField));
    row.text(step.failure().flatMap(Failure::excerpt));
    row.status(step.status());
    row.number(step.took().toMillis());
    row.uuid(step.rest().map(Decision.Rest::cooldown));
    row.time(step.rest().map(Decision.Rest::until));
    row.text(step.next().map(next -> next.choice().code()));
    bind(row, step.next().flatMap(Decision.Next::candidate));
    row.text(step.facts().map(DecisionRows::json));
    row.number(run.session().value());
  }

  private static void bind(Binder row, Optional<Candidate> candidate) throws SQLException {
    row.text(candidate.map(c -> c.backend().value()));
    row.text(candidate.flatMap(Candidate::model));
    row.text(candidate.flatMap(Candidate::authProfile).map(AuthProfileId::value));
  }

  static KeptDecision read(ResultSet row) throws SQLException {
    return new KeptDecision(
        row.getObject("id", UUID.class),
        new TurnId(row.getObject("turn_id", UUID.class)),
        new TenantId(row.getString("tenant")),
        new SessionKey(row.getString("session_key")),
        new AgentId(row.getString("agent")),
        new LaneId(row.getString("lane")),
        row.getInt("n"),
        step(row));
  }

  private static Decision step(ResultSet row) throws SQLException {
    var cooldown = Optional.ofNullable(row.getObject("cooldown_id", UUID.class));
    var until = time(row, "rests_until");
    var nextCandidate = candidate(row, "next_backend", "next_model", "next_profile");
    return new Decision(
        row.getTimestamp("at").toInstant(),
        Decision.Choice.ofCode(row.getString("decision")),
        candidate(row, "backend", "model", "auth_profile"),
        text(row, "runtime"),
        text(row, "outcome").map(Decision.Ending::ofCode),
        failure(row),
        Duration.ofMillis(row.getLong("took_ms")),
        cooldown.flatMap(id -> until.map(end -> new Decision.Rest(id, end))),
        text(row, "facts").map(DecisionRows::facts),
        text(row, "next_decision")
            .map(code -> new Decision.Next(Decision.Choice.ofCode(code), nextCandidate)));
  }

  private static Optional<Failure> failure(ResultSet row) throws SQLException {
    var reason = row.getString("reason");
    return reason == null
        ? Optional.empty()
        : Optional.of(
            new Failure(
                FailureReason.ofCode(reason),
                row.getString("rule"),
                row.getString("summary"),
                time(row, "retry_at"),
                text(row, "field"),
                text(row, "excerpt")));
  }

  private static Optional<Candidate> candidate(
      ResultSet row, String backend, String model, String profile) throws SQLException {
    var name = row.getString(backend);
    return name == null
        ? Optional.empty()
        : Optional.of(
            new Candidate(
                new BackendId(name), text(row, model), text(row, profile).map(AuthProfileId::new)));
  }

  private static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
  }

  private static String json(SignalFacts facts) {
    try {
      return JSON.writeValueAsString(facts.values());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of texts is always JSON", e);
    }
  }

  static SignalFacts facts(String json) {
    try {
      return SignalFacts.of(JSON.readValue(json, FACTS));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("these facts were not written here", e);
    }
  }

  /** Binds one parameter after the other. */
  private static final class Binder {
    private final PreparedStatement statement;
    private int next = 1;

    Binder(PreparedStatement statement) {
      this.statement = statement;
    }

    void text(Optional<String> value) throws SQLException {
      statement.setString(next++, value.orElse(null));
    }

    void uuid(Optional<UUID> value) throws SQLException {
      set(value.orElse(null), Types.OTHER);
    }

    void time(Optional<Instant> value) throws SQLException {
      statement.setTimestamp(next++, value.map(Timestamp::from).orElse(null));
    }

    void status(Optional<Integer> value) throws SQLException {
      set(value.orElse(null), Types.INTEGER);
    }

    void number(long value) throws SQLException {
      statement.setLong(next++, value);
    }

    private void set(@Nullable Object value, int type) throws SQLException {
      if (value == null) {
        statement.setNull(next++, type);
      } else {
        statement.setObject(next++, value);
      }
    }
  }
}
