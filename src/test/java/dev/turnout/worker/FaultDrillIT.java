package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.drill.FaultDrill;
import dev.turnout.drill.Order;
import dev.turnout.events.TurnEvent;
import dev.turnout.failure.FailureReason;
import dev.turnout.settings.Settings;
import dev.turnout.testing.Patience;
import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.TestDatabase;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import dev.turnout.turn.TurnId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ordered failures strike whom they are for, as often as was said, on all replicas. */
@Timeout(60)
class FaultDrillIT {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Settings SETTINGS =
      TestSettings.settings(
          List.of(TestSettings.candidate("api", "key"), TestSettings.candidate("cli", "plan")),
          8,
          TestSettings.api("api"),
          TestSettings.cli("cli", "unused"));

  private final ScriptedBackend backend = new ScriptedBackend();
  private TestDatabase database;
  private WorkerFixture replica;
  private WorkerFixture other;

  @BeforeEach
  void start() {
    database = TestDatabase.migrated();
    replica = new WorkerFixture(database, backend, SETTINGS).start(LEASE);
    other = new WorkerFixture(database, backend, SETTINGS).start(LEASE);
  }

  @AfterEach
  void stop() {
    assertEquals(List.of(), replica.q.violations());
    replica.close();
    other.close();
    database.close();
  }

  /** For the backend {@code api}, for this many turns. */
  private static Order order(int turns) {
    return order(Set.of(), false, OptionalInt.of(turns), Duration.ofHours(1));
  }

  private static Order order(
      Set<String> sessions, boolean cooldowns, OptionalInt turns, Duration lasts) {
    return new Order(
        Optional.of(new BackendId("api")),
        Optional.empty(),
        FailureReason.BILLING,
        Optional.empty(),
        sessions.stream().map(SessionKey::new).collect(Collectors.toSet()),
        Set.of(),
        cooldowns,
        Optional.of("friday"),
        turns,
        lasts);
  }

  private TurnEvent.Succeeded run(WorkerFixture on, String session) throws InterruptedException {
    return assertInstanceOf(
        TurnEvent.Succeeded.class, on.run(on.q.turn(on.q.session(session), "ok")));
  }

  private static boolean wasStruck(TurnEvent.Succeeded done) {
    return done.attempts().getFirst().failure().isPresent();
  }

  /** How many of these turns were failed at their first candidate. */
  private long struck(List<TurnId> turns) throws InterruptedException {
    long struck = 0;
    for (var turn : turns) {
      struck += wasStruck((TurnEvent.Succeeded) replica.end(turn)) ? 1 : 0;
    }
    return struck;
  }

  @Test
  void anAttemptThatADrillFailsSaysSoAndGoesTheWayOfEveryFailure() throws InterruptedException {
    var drill = replica.drills.make(order(1), "ann");

    var done = run(replica, "s");

    var failure = done.attempts().getFirst().failure().orElseThrow();
    assertEquals(FailureReason.BILLING, failure.reason());
    assertEquals("drill." + drill.id(), failure.rule());
    assertTrue(failure.summary().startsWith("drill: "), failure.summary());
    assertTrue(failure.summary().contains("ann") && failure.summary().contains("friday"));
    assertEquals("cli", done.attempts().getLast().candidate().backend().value());
    assertEquals(
        List.of("cli"),
        backend.requests.stream().map(r -> r.candidate().backend().value()).toList());
    assertFalse(wasStruck(run(replica, "t")));
    var over = replica.drills.find(drill.id()).orElseThrow();
    assertEquals(FaultDrill.State.USED_UP, over.state(replica.clock.instant()));
    assertEquals(1, over.hits());
  }

  @Test
  void turnsAreCountedOnceWhoeverRunsThemOnHoweverManyReplicas() throws InterruptedException {
    replica.drills.make(order(7), "ann");
    Patience.await().until(this::wasStruckSoon);
    var turns = new ArrayList<TurnId>();
    for (int i = 0; i < 40; i++) {
      var on = i % 2 == 0 ? replica : other;
      turns.add(on.submit(on.q.turn(on.q.session("s" + i), "ok")));
    }

    // One was struck while we waited for the other replica to know of the drill.
    assertEquals(6, struck(turns));
  }

  /** The first turn on the other replica that the drill strikes. */
  private boolean wasStruckSoon() throws InterruptedException {
    return wasStruck(run(other, "probe-" + UUID.randomUUID()));
  }

  @Test
  void allAttemptsOfACountedTurnFailAndCountOnce() throws InterruptedException {
    var profile =
        new Order(
            Optional.empty(),
            Optional.of(new AuthProfileId("plan")),
            FailureReason.OVERLOADED,
            Optional.empty(),
            Set.of(),
            Set.of(new AgentId("demo")),
            false,
            Optional.empty(),
            OptionalInt.of(2),
            Duration.ofHours(1));
    var backendDrill = replica.drills.make(order(2), "ann");
    var profileDrill = replica.drills.make(profile, "ann");

    var end = replica.run(replica.q.turn(replica.q.session("s"), "ok"));

    var failed = assertInstanceOf(TurnEvent.Failed.class, end);
    assertEquals(
        List.of(FailureReason.BILLING, FailureReason.OVERLOADED),
        failed.attempts().stream().map(a -> a.failure().orElseThrow().reason()).toList());
    assertEquals(List.of(), backend.requests);
    for (var id : List.of(backendDrill.id(), profileDrill.id())) {
      assertEquals(OptionalInt.of(1), replica.drills.find(id).orElseThrow().turnsLeft());
    }
  }

  @Test
  void othersThanTheNamedSessionsFeelNothing() throws InterruptedException {
    replica.drills.make(
        order(Set.of("drilled"), false, OptionalInt.empty(), Duration.ofHours(1)), "ann");

    assertFalse(wasStruck(run(replica, "normal")));
    assertTrue(wasStruck(run(replica, "drilled")));
    assertTrue(replica.cooldowns.snapshot().all().isEmpty());
    assertFalse(wasStruck(run(replica, "normal-too")));
  }

  @Test
  void anotherTenantFeelsNothing() throws InterruptedException {
    var order = order(1);
    replica.drills.make(
        new Order(
            order.backend(),
            order.authProfile(),
            order.reason(),
            Optional.of(new TenantId("elsewhere")),
            order.sessions(),
            order.agents(),
            false,
            Optional.empty(),
            order.turns(),
            order.lasts()),
        "ann");

    assertFalse(wasStruck(run(replica, "s")));
  }

  @Test
  void whereItIsWantedItsFailuresMakeRestWhatRealOnesWould() throws InterruptedException {
    replica.drills.make(order(Set.of(), true, OptionalInt.of(1), Duration.ofHours(1)), "ann");

    run(replica, "s");

    var next = run(replica, "t").attempts().getFirst();
    assertTrue(next.skipped());
    assertTrue(next.failure().orElseThrow().rule().startsWith("drill."));
  }

  @Test
  void itEndsByItselfAndByHandOnEveryReplica() throws InterruptedException {
    var drill =
        replica.drills.make(
            order(Set.of(), false, OptionalInt.empty(), Duration.ofSeconds(30)), "ann");
    assertTrue(wasStruck(run(replica, "s1")));
    replica.clock.advance(Duration.ofSeconds(31));
    other.clock.advance(Duration.ofSeconds(31));
    assertFalse(wasStruck(run(replica, "s2")));
    assertEquals(
        FaultDrill.State.EXPIRED,
        replica.drills.find(drill.id()).orElseThrow().state(replica.clock.instant()));

    var second = replica.drills.make(order(1_000), "ann");
    Patience.await().until(this::wasStruckSoon);
    assertTrue(replica.drills.end(second.id()));
    // The database says no even while a replica still believes in it.
    assertFalse(wasStruck(run(other, "s3")));
    assertFalse(replica.drills.end(second.id()));
  }
}
