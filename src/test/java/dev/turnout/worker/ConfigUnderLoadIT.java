package dev.turnout.worker;

import static dev.turnout.testing.Patience.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.events.TurnEvent;
import dev.turnout.queue.NewTurn;
import dev.turnout.runtimeconfig.Alongside;
import dev.turnout.runtimeconfig.ConfigReplica;
import dev.turnout.runtimeconfig.RuntimeConfig;
import dev.turnout.runtimeconfig.WriteResult;
import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.TestDatabase;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Settings change on two replicas while they run turns, and no turn is the worse for it. */
@Timeout(120)
class ConfigUnderLoadIT {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Map<String, String> FILES =
      Map.of("turnout.queue.drain-grace", "1s", "turnout.fallback.retry-budget", "0s");

  private final ScriptedBackend backend = new ScriptedBackend();
  private TestDatabase database;
  private ConfigReplica config;
  private ConfigReplica otherConfig;
  private WorkerFixture replica;
  private WorkerFixture other;

  @BeforeEach
  void start() {
    database = TestDatabase.migrated();
    config = new ConfigReplica(database, FILES).start();
    otherConfig = new ConfigReplica(database, FILES).start();
    replica = new WorkerFixture(database, backend, config.config).start(LEASE);
    other = new WorkerFixture(database, backend, otherConfig.config).start(LEASE);
  }

  @AfterEach
  void stop() {
    replica.close();
    other.close();
    config.close();
    otherConfig.close();
    database.close();
  }

  private WriteResult.Written patch(String patch) {
    return assertInstanceOf(WriteResult.Written.class, config.patch(patch));
  }

  private static NewTurn of(NewTurn turn, String agent, String lane) {
    return new NewTurn(
        turn.id(),
        turn.session(),
        new AgentId(agent),
        turn.choice(),
        new LaneId(lane),
        turn.priority(),
        turn.recovery(),
        turn.mode(),
        turn.input(),
        turn.metadata(),
        turn.notBefore(),
        turn.expiresAt(),
        turn.cap(),
        turn.idempotency());
  }

  private TurnId submit(String session, String agent, String lane, String input)
      throws InterruptedException {
    return replica.submit(of(replica.q.turn(replica.q.session(session), input), agent, lane));
  }

  private TurnEvent.Succeeded succeeded(TurnId turn) throws InterruptedException {
    var view = replica.await(turn, TurnState.SUCCEEDED);
    return assertInstanceOf(TurnEvent.Succeeded.class, view.last().orElseThrow().event());
  }

  @Test
  void hundredChangesDuringRunningTurnsAbortNone() throws InterruptedException {
    var turns = new ArrayList<TurnId>();
    for (int i = 0; i < 20; i++) {
      turns.add(submit("s" + i, "demo", "user", "hold"));
    }
    await().until(() -> backend.requests.size() == 20);

    for (int i = 1; i <= 100; i++) {
      patch(
          "{cooldown: {billing: {first: '%ds', longest: '2h'}}, lanes: {user: {width: %d}}}"
              .formatted(i, 30 + i % 7));
      if (i % 5 == 0) {
        turns.add(submit("t" + i, "demo", "user", "pause 5"));
      }
    }
    assertEquals(101, config.config.snapshot().revision());
    await().until(() -> otherConfig.config.snapshot().revision() == 101);
    backend.release();

    for (var turn : turns) {
      succeeded(turn);
    }
    // What ran during the changes ended with what it had started with.
    for (var turn : turns.subList(0, 20)) {
      assertEquals(1, succeeded(turn).configRevision());
    }
    assertEquals(turns.size(), backend.requests.size(), "each was asked once");
    await()
        .until(() -> config.config.replicas().stream().allMatch(state -> state.revision() == 101));
    assertEquals(List.of(), replica.q.violations());
  }

  @Test
  void rollbacksDuringRunningTurnsAbortNone() throws InterruptedException {
    patch(
        "{agents: {brief: {chain: [{backend: 'b', model: 'm'}]}}, backends: {b: {kind: 'claude'}}}");
    await().until(() -> otherConfig.config.snapshot().revision() == 2);
    var turns = new ArrayList<TurnId>();
    for (int i = 0; i < 10; i++) {
      turns.add(submit("s" + i, "brief", "user", "hold"));
    }
    await().until(() -> backend.requests.size() == 10);

    for (int i = 0; i < 20; i++) {
      // Back to where there is no such agent, and forth, in turn on both replicas.
      var on = i % 2 == 0 ? config : otherConfig;
      var wish = new RuntimeConfig.Wish(ConfigReplica.ANN, "", 2 + i, false, Alongside.NOTHING);
      assertInstanceOf(WriteResult.Written.class, on.config.rollback(wish, 1 + i % 2));
    }
    await()
        .until(
            () ->
                config.config.snapshot().revision() == 22
                    && otherConfig.config.snapshot().revision() == 22);
    backend.release();

    for (var turn : turns) {
      assertEquals(2, succeeded(turn).configRevision());
    }
    assertEquals(22, succeeded(submit("after", "brief", "user", "ok")).configRevision());
    assertEquals(List.of(), replica.q.violations());
  }

  @Test
  void runningTurnKeepsItsBackendAndAgentWhenTheyAreRemoved() throws InterruptedException {
    patch(
        "{agents: {brief: {chain: [{backend: 'b', model: 'm'}]}}, backends: {b: {kind: 'claude'}}}");
    await().until(() -> otherConfig.config.snapshot().revision() == 2);
    var running = submit("s", "brief", "user", "hold");
    backend.awaitHeld();

    patch("{agents: null, backends: null}");
    backend.release();

    assertEquals(2, succeeded(running).configRevision());
  }

  @Test
  void waitingTurnOfARemovedAgentFailsAndSaysWhy() throws InterruptedException {
    patch("{agents: {brief: {chain: [{backend: 'demo'}]}}}");
    await().until(() -> otherConfig.config.snapshot().revision() == 2);
    var session = replica.q.session("s");
    replica.submit(of(replica.q.turn(session, "hold"), "brief", "user"));
    var waiting = of(replica.q.turn(session, "ok"), "brief", "user");
    replica.submit(waiting);
    backend.awaitHeld();

    var plan = patch("{agents: null}").plan();
    await().until(() -> otherConfig.config.snapshot().revision() == 3);
    backend.release();

    assertEquals(1, plan.waiting().getFirst().turns());
    assertTrue(plan.waiting().getFirst().how().contains("is removed"), plan::toString);
    var failed =
        assertInstanceOf(
            TurnEvent.Failed.class,
            replica.await(waiting.id(), TurnState.FAILED).last().orElseThrow().event());
    assertTrue(failed.failure().summary().contains("no longer configured"));
  }

  @Test
  void turnsOfARemovedLaneAreRunAllTheSame() throws InterruptedException {
    patch("{lanes: {night: {width: 1}}}");
    await().until(() -> otherConfig.config.snapshot().revision() == 2);
    var turns = new ArrayList<TurnId>();
    for (int i = 0; i < 10; i++) {
      turns.add(submit("s" + i, "demo", "night", "hold"));
    }
    // One for each replica.
    await().until(() -> backend.requests.size() == 2);

    patch("{lanes: null}");
    backend.release();

    for (var turn : turns) {
      succeeded(turn);
    }
  }

  @Test
  void newLaneRunsAtOnceAndAWiderOneRunsMore() throws InterruptedException {
    patch("{lanes: {night: {width: 1}}}");
    await().until(() -> otherConfig.config.snapshot().revision() == 2);
    var turns = new ArrayList<TurnId>();
    for (int i = 0; i < 8; i++) {
      turns.add(submit("s" + i, "demo", "night", "hold"));
    }
    await().until(() -> backend.requests.size() == 2);

    patch("{lanes: {night: {width: 3}}}");
    await().until(() -> backend.requests.size() == 6);

    patch("{lanes: {night: {width: 1}}}");
    await().until(() -> otherConfig.config.snapshot().revision() == 4);
    backend.release();
    for (var turn : turns) {
      succeeded(turn);
    }
    assertEquals(List.of(), replica.q.violations());
  }

  @Test
  void turnOfAnAgentThatIsNewRunsOnAReplicaThatHasNotHeardOfIt() throws InterruptedException {
    otherConfig.close();
    replica.pool.drain();
    patch("{agents: {brief: {chain: [{backend: 'demo'}]}}}");
    assertEquals(1, otherConfig.config.snapshot().revision());

    assertEquals(2, succeeded(submit("s", "brief", "user", "ok")).configRevision());
  }

  @Test
  void tunedCooldownsRestAsLongAsTheySay() throws InterruptedException {
    patch("{cooldown: {payment: {first: '2h'}, server_error: {after: 1, first: '90s'}}}");
    await().until(() -> otherConfig.config.snapshot().revision() == 2);
    var turn = submit("s", "demo", "user", "fail 402");
    replica.await(turn, TurnState.FAILED);

    // On whichever replica it ran.
    await().until(() -> !replica.cooldowns.snapshot().all().isEmpty());
    var rest = replica.cooldowns.snapshot().all().iterator().next();
    assertEquals(
        Duration.ofHours(2),
        Duration.between(rest.steppedAt().orElseThrow(), rest.until().orElseThrow()));
  }
}
