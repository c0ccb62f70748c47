package dev.turnout.queue;

import dev.turnout.events.StoredEvent;
import dev.turnout.events.TurnEvent;
import dev.turnout.events.TurnEventJson;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.Exchange;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.Recovery;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.SteerRefusal;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TenantId;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import javax.sql.DataSource;

/** The read side of the line: turns as callers see them. */
@ApplicationScoped
public class TurnHistory {
  /**
   * State is not a column: "running" is the open turn at the head of a running line, "succeeded" is
   * what lies behind {@code done} and has no other end.
   */
  private static final String VIEW =
      """
      select t.*, s.key as session_key, l.done, l.state as line_state, h.id as head_id, h.seq as head_seq,
        case when t.state = 0 and t.seq > l.done then (
          select count(*) from turnout.turn x
          where x.session_id = t.session_id and x.seq > l.done and x.seq < t.seq and x.state = 0) end as ahead,
        b.n as started_n, b.kind as started_kind, b.at as started_at, b.data as started_data,
        e.n as last_n, e.kind as last_kind, e.at as last_at, e.data as last_data, q.open_questions,
        case when t.steer then (select x.data::json ->> 'reason' from turnout.turn_event x
          where x.turn_id = t.id and x.kind = 'not_steered' order by x.n desc limit 1) end as not_steered
      from turnout.turn t
        join turnout.session s on s.id = t.session_id
        join turnout.session_line l on l.session_id = t.session_id
        left join lateral (select x.id, x.seq from turnout.turn x
          where x.session_id = t.session_id and x.seq > l.done and x.state = 0 order by x.seq limit 1) h on true
        left join lateral (select * from turnout.turn_event x
          where x.turn_id = t.id and x.kind = 'started' order by x.n limit 1) b on true
        left join lateral (select * from turnout.turn_event x
          where x.turn_id = t.id and (t.state <> 0 or t.seq <= l.done) order by x.n desc limit 1) e on true
        left join lateral (select array_agg(a.data order by a.n) as open_questions from turnout.turn_event a
          where a.turn_id = t.id and a.kind = 'permission_asked' and t.id = h.id
            and not exists (select 1 from turnout.turn_event b where b.turn_id = a.turn_id
              and b.kind = 'permission_answered' and b.data::json ->> 'question' = a.data::json ->> 'question')
            and not exists (select 1 from turnout.run_word w where w.owner = l.owner and w.turn_id = a.turn_id
              and w.ref = a.data::json ->> 'question')) q on true
      where s.tenant = ? and
      """;

  /** Newest first. Delayed turns have no seq yet and stand before all others. */
  private static final String OF_SESSION =
      VIEW
          + """
            s.key = ? and (t.created_at, t.id) < (?, ?)
            order by t.created_at desc, t.id desc limit ?
            """;

  private static final String ONE = VIEW + " t.id = ?";

  private static final String ALL =
      VIEW + " (t.created_at, t.id) < (?, ?) order by t.created_at desc, t.id desc limit ?";

  /** What was said and answered: only turns that succeeded are part of a conversation. */
  private static final String EXCHANGES =
      """
      select t.input || coalesce((select string_agg(E'\\n\\n' || x.input, '' order by x.seq) from turnout.turn x
          where x.handed_to = t.id and x.state = 6), '') as input, e.kind, e.data, e.n, e.at
      from turnout.turn t
        join turnout.session_line l on l.session_id = t.session_id
        cross join lateral (select * from turnout.turn_event x where x.turn_id = t.id order by x.n desc limit 1) e
      where t.session_id = ? and t.seq > ? and t.seq <= l.done and t.state = 0
        and t.seq > (select s.history_from from turnout.session s where s.id = t.session_id)
      order by t.seq desc limit ?
      """;

  private static final String UNDER_KEY =
      "select turn_id, fingerprint from turnout.idempotency where tenant = ? and key = ?";

  private static final String AGENT = "select agent from turnout.turn where id = ?";

  private static final String EFFECT_SEEN =
      """
      select exists (select 1 from turnout.turn_event
        where turn_id = ? and kind in ('output', 'tool_started', 'tool_ended'))
      """;

  private final DataSource database;

  @Inject
  public TurnHistory(DataSource database) {
    this.database = database;
  }

  /** The turn with this id, if it is this tenant's. */
  public Optional<TurnView> find(TenantId tenant, TurnId turn) {
    return query(
            ONE,
            statement -> {
              statement.setString(1, tenant.value());
              statement.setObject(2, turn.value());
            })
        .stream()
        .findFirst();
  }

  /** The turn that was accepted under this key before, and whether it was the same request. */
  public Optional<AdmissionResult.Repeated> underKey(NewTurn.IdempotencyKey key) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(UNDER_KEY)) {
      statement.setString(1, key.tenant().value());
      statement.setString(2, key.key());
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(
                AdmissionResult.Repeated.of(
                    new TurnId(rows.getObject(1, UUID.class)),
                    key.fingerprint().equals(rows.getString(2))))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("idempotency keys cannot be read", e);
    }
  }

  /**
   * The turn that was just admitted, without asking the database again where that is not needed.
   * Empty when its session was deleted at the same moment.
   */
  public Optional<TurnView> accepted(
      TenantId tenant, SessionKey session, NewTurn turn, AdmissionResult.Admitted how) {
    return how.ahead() == 0
        ? Optional.of(TurnView.justAccepted(turn, session, how))
        : find(tenant, turn.id());
  }

  /**
   * Where a page goes on.
   *
   * @param createdAt of the last turn seen
   */
  public record Cursor(java.time.Instant createdAt, TurnId turn) {
    private static final Cursor START =
        new Cursor(java.time.Instant.parse("9999-12-31T00:00:00Z"), new TurnId(new UUID(-1L, -1L)));

    public static Cursor of(TurnView view) {
      return new Cursor(view.createdAt(), view.id());
    }
  }

  /** Turns of one session, newest first. */
  public List<TurnView> ofSession(
      TenantId tenant, SessionKey key, Optional<Cursor> after, int limit) {
    var from = after.orElse(Cursor.START);
    return query(
        OF_SESSION,
        statement -> {
          statement.setString(1, tenant.value());
          statement.setString(2, key.value());
          statement.setTimestamp(3, Timestamp.from(from.createdAt()));
          statement.setObject(4, from.turn().value());
          statement.setInt(5, limit);
        });
  }

  /** Turns of all sessions of a tenant, newest first. */
  public List<TurnView> all(TenantId tenant, Optional<Cursor> after, int limit) {
    var from = after.orElse(Cursor.START);
    return query(
        ALL,
        statement -> {
          statement.setString(1, tenant.value());
          statement.setTimestamp(2, Timestamp.from(from.createdAt()));
          statement.setObject(3, from.turn().value());
          statement.setInt(4, limit);
        });
  }

  /**
   * The conversation behind turn number {@code afterSeq}, oldest first; the newest {@code limit}.
   * What was said before the session was reset is no part of it.
   */
  public List<Exchange> exchanges(SessionId session, long afterSeq, int limit) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(EXCHANGES)) {
      statement.setLong(1, session.value());
      statement.setLong(2, afterSeq);
      statement.setInt(3, limit);
      var exchanges = new ArrayList<Exchange>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          var last =
              new StoredEvent(
                  rows.getInt("n"),
                  rows.getString("kind"),
                  rows.getTimestamp("at").toInstant(),
                  rows.getString("data"));
          if (last.event() instanceof TurnEvent.Succeeded(var answer, _, _)) {
            exchanges.add(new Exchange(rows.getString("input"), answer.text()));
          }
        }
      }
      Collections.reverse(exchanges);
      return exchanges;
    } catch (SQLException e) {
      throw new StoreUnavailable("the conversation cannot be read", e);
    }
  }

  /** Whose turn this is, for whom no tenant asks; empty when it is gone. */
  public Optional<AgentId> agentOf(TurnId turn) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(AGENT)) {
      statement.setObject(1, turn.value());
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(new AgentId(rows.getString(1))) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("the agent of turn " + turn + " cannot be read", e);
    }
  }

  /** Whether a run of this turn was seen to say or do something. */
  public boolean effectSeen(TurnId turn) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(EFFECT_SEEN)) {
      statement.setObject(1, turn.value());
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getBoolean(1);
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("events of turn " + turn + " cannot be read", e);
    }
  }

  private interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private List<TurnView> query(String sql, Binding binding) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      binding.bind(statement);
      var views = new ArrayList<TurnView>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          views.add(view(rows));
        }
      }
      return views;
    } catch (SQLException e) {
      throw new StoreUnavailable("turns cannot be read", e);
    }
  }

  private static TurnView view(ResultSet row) throws SQLException {
    var id = new TurnId(row.getObject("id", UUID.class));
    var head = Optional.ofNullable(row.getObject("head_id", UUID.class)).map(TurnId::new);
    var state = state(row, head, id);
    long seq = row.getLong("seq");
    boolean inLine = !row.wasNull();
    long ahead = row.getLong("ahead");
    return new TurnView(
        id,
        new SessionKey(row.getString("session_key")),
        inLine ? OptionalLong.of(seq) : OptionalLong.empty(),
        state,
        inLine && state == TurnState.QUEUED ? OptionalLong.of(ahead) : OptionalLong.empty(),
        state == TurnState.QUEUED ? head.filter(other -> !other.equals(id)) : Optional.empty(),
        new AgentId(row.getString("agent")),
        RouteChoices.read(row.getString("model"), row.getString("route")),
        new LaneId(row.getString("lane")),
        -row.getShort("urgency"),
        Recovery.ofCode(row.getString("recovery")),
        row.getString("input"),
        row.getString("metadata"),
        row.getTimestamp("created_at").toInstant(),
        Optional.ofNullable(row.getTimestamp("due_at")).map(Timestamp::toInstant),
        Optional.ofNullable(row.getTimestamp("expires_at")).map(Timestamp::toInstant),
        event(row, "started"),
        event(row, "last"),
        state == TurnState.RUNNING ? questions(row) : List.of(),
        Optional.ofNullable(row.getString("not_steered")).map(SteerRefusal::ofCode));
  }

  private static List<TurnEvent.PermissionAsked> questions(ResultSet row) throws SQLException {
    var found = row.getArray("open_questions");
    if (found == null) {
      return List.of();
    }
    return Arrays.stream((String[]) found.getArray())
        .map(data -> (TurnEvent.PermissionAsked) TurnEventJson.read("permission_asked", data))
        .toList();
  }

  private static TurnState state(ResultSet row, Optional<TurnId> head, TurnId id)
      throws SQLException {
    return switch (row.getShort("state")) {
      case 2 -> TurnState.FAILED;
      case 3 -> TurnState.CANCELLED;
      case 4 -> TurnState.EXPIRED;
      case 5 -> TurnState.DROPPED;
      case 6 -> TurnState.MERGED;
      default -> {
        long seq = row.getLong("seq");
        if (!row.wasNull() && seq <= row.getLong("done")) {
          yield TurnState.SUCCEEDED;
        }
        boolean runs = row.getShort("line_state") == 2 && head.equals(Optional.of(id));
        yield runs ? TurnState.RUNNING : TurnState.QUEUED;
      }
    };
  }

  private static Optional<StoredEvent> event(ResultSet row, String prefix) throws SQLException {
    int n = row.getInt(prefix + "_n");
    return n == 0
        ? Optional.empty()
        : Optional.of(
            new StoredEvent(
                n,
                row.getString(prefix + "_kind"),
                row.getTimestamp(prefix + "_at").toInstant(),
                row.getString(prefix + "_data")));
  }
}
