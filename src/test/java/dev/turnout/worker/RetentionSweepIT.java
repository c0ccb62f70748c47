package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.audit.Audit;
import dev.turnout.audit.AuditFilter;
import dev.turnout.queue.NewTurn;
import dev.turnout.runtimeconfig.ConfigReplica;
import dev.turnout.runtimeconfig.WriteResult;
import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.SettableClock;
import dev.turnout.testing.TestDatabase;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is over goes when the settings of the moment say so, and nothing else does. */
@Timeout(60)
class RetentionSweepIT {
  private final ScriptedBackend backend = new ScriptedBackend();
  private TestDatabase database;
  private ConfigReplica config;
  private WorkerFixture replica;
  private Audit audit;
  private RetentionSweep sweep;

  @BeforeEach
  void start() {
    database = TestDatabase.migrated();
    config = new ConfigReplica(database, Map.of("turnout.queue.drain-grace", "0s")).start();
    replica = new WorkerFixture(database, backend, config.config).start(Duration.ofMinutes(5));
    audit = new Audit(database.dataSource(""), replica.clock);
    // Two hours from now, as if all of this had happened then.
    var later = new SettableClock();
    later.advance(Duration.ofHours(2));
    sweep = new RetentionSweep(replica.q.lines, audit, config.config, later);
  }

  @AfterEach
  void stop() {
    replica.close();
    config.close();
    database.close();
  }

  private void keep(String turns) {
    assertInstanceOf(
        WriteResult.Written.class, config.patch("{retention: {turns: '%s'}}".formatted(turns)));
  }

  /** With an id as the intake makes them: it begins with the time. */
  private NewTurn turn(String session, String input, Optional<String> key) {
    var turn = replica.q.turn(replica.q.session(session), input);
    var id =
        new UUID(
            (replica.clock.millis() << 16) | (7L << 12),
            turn.id().value().getLeastSignificantBits());
    return new NewTurn(
        new TurnId(id),
        turn.session(),
        turn.agent(),
        turn.choice(),
        turn.lane(),
        turn.priority(),
        turn.recovery(),
        turn.mode(),
        turn.input(),
        turn.metadata(),
        turn.notBefore(),
        turn.expiresAt(),
        turn.cap(),
        key.map(k -> new NewTurn.IdempotencyKey(dev.turnout.turn.TenantId.DEFAULT, k, "f")));
  }

  private long count(String sql) {
    try (var connection = database.dataSource("").getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private long rows(String table, TurnId turn) {
    return count(
        "select count(*) from turnout.%s where turn_id = '%s'".formatted(table, turn.value()));
  }

  @Test
  void endedTurnGoesWithAllThatHangsOnItAndItsSessionGoesOn() throws InterruptedException {
    var open = turn("t", "hold", Optional.empty());
    replica.submit(open);
    backend.awaitHeld();
    var over = turn("s", "fail 402", Optional.of("k"));
    replica.submit(over);
    replica.await(over.id(), TurnState.FAILED);
    assertTrue(rows("turn_event", over.id()) > 0);
    assertTrue(rows("decision", over.id()) > 0);

    sweep.once();
    assertTrue(rows("turn_event", over.id()) > 0, "for ever, while nothing is said");
    keep("3h");
    sweep.once();
    assertTrue(rows("turn_event", over.id()) > 0, "it ended two hours ago");

    keep("1h");
    sweep.once();

    assertEquals(0, rows("turn_event", over.id()));
    assertEquals(0, rows("decision", over.id()));
    assertEquals(0, rows("idempotency", over.id()));
    assertEquals(
        0, count("select count(*) from turnout.turn where id = '%s'".formatted(over.id().value())));
    backend.release();
    replica.await(open.id(), TurnState.SUCCEEDED);
    var next = replica.submit(replica.q.turn(over.session(), "ok"));
    replica.end(next);
    assertEquals(2, replica.q.view(next).seq().orElseThrow());
    assertEquals(List.of(), replica.q.violations());
  }

  @Test
  void trailIsCutByTheOwnersFunctionAndSaysSo() throws SQLException {
    try (var connection = database.dataSource("").getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          "insert into turnout.audit (at, who, tenant, action, target, result)"
              + " values ('2026-01-20', 'x', '', 'test.old', 'old', 'done'),"
              + " ('2026-01-26', 'x', '', 'test.new', 'new', 'done')");
    }
    sweep.once();
    assertEquals(2, count("select count(*) from turnout.audit"));

    config.patch("{retention: {audit: '35d'}}");
    sweep.once();
    sweep.once();

    var lines = audit.page(AuditFilter.ALL, Optional.empty(), 10);
    assertEquals(
        List.of("audit.forget", "test.new"), lines.stream().map(line -> line.action()).toList());
    assertTrue(lines.getFirst().why().orElseThrow().startsWith("retention.audit of revision"));
    assertThrows(
        StoreUnavailable.class,
        () -> audit.forget(Clock.systemUTC().instant().minus(Duration.ofDays(29)), "too soon"));
  }
}
