package dev.turnout.cooldown;

import static dev.turnout.testing.Patience.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.testing.SettableClock;
import dev.turnout.testing.TestDatabase;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.LaneId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CooldownsIT {
  private static final Way WAY =
      new Way("profile", new BackendId("backend"), "cli", "model", new LaneId("user"));
  private static final Failure BILLING = Failure.of(FailureReason.BILLING, "http.402", "no money");

  private final SettableClock clock = new SettableClock();
  private TestDatabase database;
  private Cooldowns one;
  private Cooldowns other;

  @BeforeEach
  void start() {
    database = TestDatabase.migrated();
    one = replica();
    other = replica();
  }

  @AfterEach
  void stop() {
    one.stop();
    other.stop();
    database.close();
  }

  private Cooldowns replica() {
    var cooldowns = new Cooldowns(database.dataSource(""), clock);
    cooldowns.start();
    return cooldowns;
  }

  private void fail(Cooldowns replica) {
    replica.failed(WAY, BILLING, clock.instant());
  }

  private Standing standing(Cooldowns replica) {
    return replica.snapshot().standing(WAY, clock.instant());
  }

  private Cooldown only(Cooldowns replica) {
    var all = List.copyOf(replica.snapshot().all());
    assertEquals(1, all.size());
    return all.getFirst();
  }

  private List<CooldownChange.Kind> history() {
    return one.history(CooldownScope.PAYMENT.of(WAY), 100).stream()
        .map(CooldownChange::kind)
        .toList();
  }

  @Test
  void whatRestsOnOneReplicaRestsOnTheOthersAndAfterARestart() {
    fail(one);

    assertInstanceOf(Standing.Resting.class, standing(one));
    await().until(() -> standing(other) instanceof Standing.Resting);
    var restarted = new Cooldowns(database.dataSource(""), clock);
    assertEquals(only(one), only(restarted));
    assertEquals(BILLING, only(restarted).failure());
  }

  @Test
  void ofReplicasThatRaceToGoFirstOneWins() throws InterruptedException, ExecutionException {
    fail(one);
    clock.advance(Duration.ofMinutes(11));
    await().until(() -> standing(other) instanceof Standing.ToProbe);
    var toProbe = assertInstanceOf(Standing.ToProbe.class, standing(one));
    var racers = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 16; i++) {
      var replica = i % 2 == 0 ? one : other;
      racers.add(() -> replica.probe(toProbe).isPresent());
    }

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      int won = 0;
      for (var racer : threads.invokeAll(racers)) {
        won += racer.get() ? 1 : 0;
      }
      assertEquals(1, won);
    }
    assertInstanceOf(Standing.Resting.class, standing(one));

    // The owner may have died: after its lease somebody else may go.
    clock.advance(Duration.ofSeconds(31));
    assertTrue(other.probe(toProbe).isPresent());
  }

  @Test
  void aProbeThatIsAnsweredLetsTheOthersGoAndKeepsThePlaceOnTheLadder() {
    fail(one);
    clock.advance(Duration.ofMinutes(11));
    var hold = one.probe((Standing.ToProbe) standing(one)).orElseThrow();

    one.answered(hold);
    assertInstanceOf(Standing.Free.class, standing(one));

    clock.advance(Duration.ofSeconds(1));
    fail(one);
    assertEquals(2, only(one).step());
  }

  @Test
  void aProbeThatFoundOutNothingIsLeftToTheNext() {
    fail(one);
    clock.advance(Duration.ofMinutes(11));
    one.release(one.probe((Standing.ToProbe) standing(one)).orElseThrow());

    assertInstanceOf(Standing.ToProbe.class, standing(one));
  }

  @Test
  void whatAPersonClearsOnOneReplicaIsUsedByTheOther() {
    fail(one);
    await().until(() -> standing(other) instanceof Standing.Resting);

    assertTrue(one.clear(only(one).id(), "ann", "paid"));

    await().until(() -> standing(other) instanceof Standing.Free);
    var last = one.history(CooldownScope.PAYMENT.of(WAY), 1).getFirst();
    assertEquals("ann: paid", last.who().orElseThrow() + ": " + last.why().orElseThrow());
    assertFalse(one.clear(last.cooldown(), "ann", "again"));
  }

  @Test
  void aSuccessEndsItAndTheHistoryTellsOfIt() {
    fail(one);
    clock.advance(Duration.ofMinutes(11));
    var startedAt = clock.instant();
    assertTrue(one.probe((Standing.ToProbe) standing(one)).isPresent());
    one.succeeded(WAY, startedAt);

    assertInstanceOf(Standing.Free.class, standing(one));
    assertEquals(
        List.of(
            CooldownChange.Kind.RESTED, CooldownChange.Kind.PROBED, CooldownChange.Kind.RECOVERED),
        history());
  }

  @Test
  void aSuccessThatBeganBeforeTheFailureProvesNothing() {
    var startedAt = clock.instant();
    clock.advance(Duration.ofSeconds(5));
    fail(one);

    one.succeeded(WAY, startedAt);

    assertInstanceOf(Standing.Resting.class, standing(one));
  }

  @Test
  void failuresOfTwoReplicasAtOnceAreCountedOneAfterTheOther() throws InterruptedException {
    var overloaded = Failure.of(FailureReason.OVERLOADED, "http.529", "full");
    var failures = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 30; i++) {
      var way =
          new Way("account" + i, new BackendId("backend"), "api", "model", new LaneId("user"));
      var replica = i % 2 == 0 ? one : other;
      failures.add(
          () -> {
            replica.failed(way, overloaded, clock.instant());
            return true;
          });
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.invokeAll(failures);
    }

    // Three made the first rest; the other 27 were under way when it began.
    await()
        .untilAsserted(
            () -> {
              assertEquals(1, only(one).step());
              assertEquals(3, only(one).failures());
            });
    assertInstanceOf(Standing.Resting.class, standing(one));
  }

  @Test
  void whatAPersonMakesRestRests() {
    var until = clock.instant().plus(Duration.ofHours(1));
    var key = CooldownScope.SERVICE.of(WAY);
    one.create(key, FailureReason.OVERLOADED, until, "ann", "maintenance");

    assertInstanceOf(Standing.Resting.class, standing(one));
    assertThrows(
        IllegalArgumentException.class,
        () -> one.create(key, FailureReason.BILLING, until, "ann", "no"));
  }

  @Test
  void whatItSavedIsCounted() {
    fail(one);
    for (int i = 0; i < 3; i++) {
      one.skipped(only(one));
    }

    await().untilAsserted(() -> assertEquals(3, only(other).avoided()));
  }

  @Test
  void routingGoesOnWhileTheDatabaseIsAway() {
    fail(one);
    database.goAway();
    try {
      one.failed(WAY, Failure.of(FailureReason.OVERLOADED, "rule", "full"), clock.instant());
      assertInstanceOf(Standing.Resting.class, standing(one));
    } finally {
      database.comeBack();
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              fail(other);
              assertInstanceOf(Standing.Resting.class, standing(other));
            });
  }
}
