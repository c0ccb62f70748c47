package dev.turnout.testing;

import dev.turnout.events.EventLog;
import dev.turnout.events.StoredEvent;
import dev.turnout.events.TurnBell;
import dev.turnout.events.TurnEvent;
import dev.turnout.queue.AdmissionResult;
import dev.turnout.queue.ClaimedTurn;
import dev.turnout.queue.NewTurn;
import dev.turnout.queue.QueueDatabase;
import dev.turnout.queue.Replica;
import dev.turnout.queue.Replicas;
import dev.turnout.queue.RunSignals;
import dev.turnout.queue.RunWords;
import dev.turnout.queue.SessionLines;
import dev.turnout.queue.Settlement;
import dev.turnout.queue.TurnHistory;
import dev.turnout.queue.TurnQueue;
import dev.turnout.queue.TurnTimers;
import dev.turnout.queue.TurnView;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.Answer;
import dev.turnout.turn.BusyMode;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.Recovery;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TenantId;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.Usage;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** One replica's queue over a test database, without workers: the test is the worker. */
public final class QueueFixture implements AutoCloseable {
  public static final LaneId USER = new LaneId("user");
  public static final TenantId TENANT = TenantId.DEFAULT;

  public final TestDatabase database;
  public final TurnBell bell = new TurnBell();
  public final TurnQueue queue;
  public final Replicas replicas;
  public final TurnHistory history;
  public final RunSignals signals;
  public final RunWords words;
  public final TurnTimers timers;
  public final SessionLines lines;
  public final EventLog events;
  public Replica self;

  public QueueFixture(TestDatabase database, Clock clock) {
    this(database, clock, database.dataSource(QueueDatabase.OPTIONS));
  }

  /** With connections of its own for the moves of the queue. */
  public QueueFixture(TestDatabase database, Clock clock, DataSource pinned) {
    this.database = database;
    var plain = database.dataSource("");
    this.queue = new TurnQueue(pinned, bell, clock);
    this.replicas = new Replicas(plain);
    this.history = new TurnHistory(plain);
    this.signals = new RunSignals(plain);
    this.words = new RunWords(plain, bell, queue, clock);
    this.timers = new TurnTimers(pinned, queue, bell, clock);
    this.lines = new SessionLines(pinned, queue, bell, clock);
    this.events = new EventLog(plain, bell, clock);
    this.self = replicas.register("home-" + UUID.randomUUID(), "test", 1, Duration.ofMinutes(5));
  }

  /** Claims up to this many sessions at once from now on. */
  public QueueFixture open(int width) {
    queue.open(self, Map.of(USER, width), 8);
    return this;
  }

  public SessionId session(String key) {
    return new SessionId(
        number(
            """
            with opened as (
              insert into turnout.session (tenant, key, created_at, updated_at)
              values ('default', '%s', now(), now()) returning id)
            insert into turnout.session_line (session_id) select id from opened returning session_id
            """
                .formatted(key)));
  }

  public NewTurn turn(SessionId session, String input) {
    return new NewTurn(
        new TurnId(UUID.randomUUID()),
        session,
        new AgentId("demo"),
        RouteChoice.NONE,
        USER,
        0,
        Recovery.IF_NO_EFFECT,
        BusyMode.FOLLOWUP,
        input,
        "{}",
        Optional.empty(),
        Optional.empty(),
        100,
        Optional.empty());
  }

  public NewTurn with(NewTurn turn, BusyMode mode, int cap) {
    return with(turn, mode, cap, 0, Optional.empty(), Optional.empty(), Optional.empty());
  }

  public NewTurn keyed(NewTurn turn, String key, String fingerprint) {
    return with(
        turn,
        turn.mode(),
        turn.cap(),
        turn.priority(),
        turn.notBefore(),
        turn.expiresAt(),
        Optional.of(new NewTurn.IdempotencyKey(TENANT, key, fingerprint)));
  }

  public NewTurn timed(NewTurn turn, Optional<Instant> notBefore, Optional<Instant> expires) {
    return with(turn, turn.mode(), turn.cap(), 0, notBefore, expires, turn.idempotency());
  }

  public NewTurn urgent(NewTurn turn, int priority) {
    return with(
        turn,
        turn.mode(),
        turn.cap(),
        priority,
        turn.notBefore(),
        turn.expiresAt(),
        turn.idempotency());
  }

  private static NewTurn with(
      NewTurn turn,
      BusyMode mode,
      int cap,
      int priority,
      Optional<Instant> notBefore,
      Optional<Instant> expires,
      Optional<NewTurn.IdempotencyKey> key) {
    return new NewTurn(
        turn.id(),
        turn.session(),
        turn.agent(),
        turn.choice(),
        turn.lane(),
        priority,
        turn.recovery(),
        mode,
        turn.input(),
        turn.metadata(),
        notBefore,
        expires,
        cap,
        key);
  }

  public AdmissionResult admit(NewTurn turn) throws InterruptedException {
    return queue.admit(turn);
  }

  public static Settlement succeeded(String text) {
    return new Settlement.End(
        new TurnEvent.Succeeded(new Answer(text, Usage.UNKNOWN), List.of(), 1));
  }

  public boolean succeed(ClaimedTurn claimed, String text) throws InterruptedException {
    return queue.settle(claimed, succeeded(text), 0);
  }

  public TurnView view(TurnId turn) {
    return history.find(TENANT, turn).orElseThrow();
  }

  public List<String> kinds(TurnId turn) {
    return stored(turn).stream().map(event -> event.kind()).toList();
  }

  /** All events of a turn, as they stand in the log. */
  public List<StoredEvent> stored(TurnId turn) {
    var all = new ArrayList<StoredEvent>();
    var page = events.read(turn, 0);
    all.addAll(page.events());
    while (page.more()) {
      page = events.read(turn, all.getLast().n());
      all.addAll(page.events());
    }
    return all;
  }

  /** What {@code turnout.violations} says; empty when all is well. */
  public List<String> violations() {
    try (var connection = database.dataSource("").getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select what, n from turnout.violations where n <> 0")) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getLong(2) + " × " + rows.getString(1));
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public long number(String sql) {
    try (var connection = database.dataSource("").getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public void execute(String sql) {
    try (var connection = database.dataSource("").getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    queue.stop();
    events.stop();
  }
}
