package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.cooldown.Way;
import dev.turnout.events.TurnEvent;
import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.settings.FallbackSettings;
import dev.turnout.settings.Settings;
import dev.turnout.testing.Patience;
import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.TestDatabase;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What rests is not asked, and the caller is told why, whoever runs the turn. */
@Timeout(60)
class FallbackIT {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Candidate BIG = candidate("api", "big", "account");
  private static final Candidate SMALL = candidate("api", "small", "account");
  private static final Candidate CLI = candidate("cli", "big", "account");

  private final ScriptedBackend backend = new ScriptedBackend();
  private WorkerFixture replica;

  private static Candidate candidate(String backend, String model, String profile) {
    return new Candidate(
        new BackendId(backend), Optional.of(model), Optional.of(new AuthProfileId(profile)));
  }

  private static Settings settings(Candidate... chain) {
    return TestSettings.settings(
        List.of(chain), 8, TestSettings.api("api"), TestSettings.cli("cli", "unused"));
  }

  private static Way way(Candidate candidate, String runtime, String lane) {
    return Way.of(candidate, runtime, Optional.empty(), new LaneId(lane));
  }

  @BeforeEach
  void start() {
    replica = new WorkerFixture(TestDatabase.migrated(), backend, settings(BIG, SMALL));
    replica.start(LEASE);
  }

  @AfterEach
  void stop() {
    replica.close();
    replica.q.database.close();
  }

  private static TurnEvent run(WorkerFixture on, SessionId session, String input)
      throws InterruptedException {
    var id = on.submit(on.q.turn(session, input));
    try (var news = on.q.bell.listen(id)) {
      while (true) {
        var view = on.q.view(id);
        if (view.state().isTerminal()) {
          return view.last().orElseThrow().event();
        }
        news.await(Duration.ofMillis(50));
      }
    }
  }

  private static TurnEvent.Failed fails(WorkerFixture on, SessionId session, String input)
      throws InterruptedException {
    return assertInstanceOf(TurnEvent.Failed.class, run(on, session, input));
  }

  @Test
  void afterOneBillingFailureEveryTurnIsToldOfBillingAndNobodyIsAsked()
      throws InterruptedException {
    var session = replica.q.session("s");
    var first = fails(replica, session, "fail 402");
    assertEquals(List.of(false, true), first.attempts().stream().map(a -> a.skipped()).toList());
    // Who is told of the failure is told at once when it can be over.
    var ends = first.attempts().stream().map(at -> at.failure().orElseThrow().retryAt()).toList();
    assertTrue(ends.getFirst().isPresent());
    assertEquals(ends.getFirst(), ends.getLast());

    var message = first.messages().orElseThrow().getOrDefault("en", "");
    assertTrue(message.contains("credit") || message.contains("bill"), message);
    var second = fails(replica, session, "ok");
    assertAllSkippedForBilling(second);
    assertEquals(second.messages(), fails(replica, session, "ok").messages());

    try (var other =
        new WorkerFixture(replica.q.database, backend, settings(BIG, SMALL)).start(LEASE)) {
      // A second replica, and one that has just started, in one.
      replica.pool.drain();
      var there = fails(other, other.q.session("elsewhere"), "ok");
      assertAllSkippedForBilling(there);
      assertEquals(second.messages(), there.messages());
    }
    assertEquals(1, backend.requests.size());
  }

  private static void assertAllSkippedForBilling(TurnEvent.Failed failed) {
    assertEquals(FailureReason.BILLING, failed.failure().reason());
    assertTrue(failed.failure().retryAt().isPresent());
    assertTrue(failed.attempts().stream().allMatch(attempt -> attempt.skipped()));
    assertEquals(
        List.of(FailureReason.BILLING, FailureReason.BILLING),
        failed.attempts().stream().map(a -> a.failure().orElseThrow().reason()).toList());
  }

  @Test
  void afterTheRestTheFirstTurnFindsOutAndASuccessEndsIt() throws InterruptedException {
    var session = replica.q.session("s");
    fails(replica, session, "fail 402");
    replica.clock.advance(Duration.ofMinutes(11));

    var done = run(replica, session, "say hello;ok");

    assertEquals(BIG, ((TurnEvent.Succeeded) done).attempts().getLast().candidate());
    assertTrue(replica.cooldowns.snapshot().all().isEmpty());
  }

  @Test
  void whatTheApiRefusesTheCliOfTheSameAccountAnswers() throws InterruptedException {
    try (var both =
        new WorkerFixture(replica.q.database, backend, settings(BIG, CLI)).start(LEASE)) {
      replica.pool.drain();
      for (int i = 0; i < 53; i++) {
        both.cooldowns.failed(
            way(BIG, "api", "user"),
            Failure.of(FailureReason.BILLING, "http.402", "third-party"),
            both.clock.instant());
        both.clock.advance(Duration.ofSeconds(1));
      }

      var done = assertInstanceOf(TurnEvent.Succeeded.class, run(both, both.q.session("s"), "ok"));

      assertEquals(List.of(BIG, CLI), done.attempts().stream().map(a -> a.candidate()).toList());
      assertEquals(List.of(true, false), done.attempts().stream().map(a -> a.skipped()).toList());
    }
  }

  @Test
  void aHundredFailuresOfHelpersCostTheUsersNothing() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      replica.cooldowns.failed(
          way(BIG, "api", "helper"),
          Failure.of(FailureReason.OVERLOADED, "http.529", "full"),
          replica.clock.instant());
    }

    var done =
        assertInstanceOf(TurnEvent.Succeeded.class, run(replica, replica.q.session("s"), "ok"));

    assertEquals(List.of(BIG), done.attempts().stream().map(a -> a.candidate()).toList());
  }

  @Test
  void aPassingFailureIsAskedOnceMoreBeforeTheNextCandidateIs() throws InterruptedException {
    var base = settings(BIG, SMALL);
    var patient =
        new Settings(
            base.revision(),
            base.defaultAgent(),
            base.agents(),
            base.backends(),
            base.authProfiles(),
            base.lanes(),
            base.queue(),
            new FallbackSettings(10, Duration.ofSeconds(1)),
            base.decisions());
    try (var retrying = new WorkerFixture(replica.q.database, backend, patient).start(LEASE)) {
      replica.pool.drain();

      fails(retrying, retrying.q.session("s"), "fail 529");

      // The pause for the first took the budget: the second is asked once.
      assertEquals(
          List.of(BIG, BIG, SMALL), backend.requests.stream().map(r -> r.candidate()).toList());
    }
  }

  @Test
  void theNextTurnBeginsWithTheFirstCandidateAgain() throws InterruptedException {
    var session = replica.q.session("s");
    // One overload rests nobody.
    fails(replica, session, "fail 529");
    backend.requests.clear();

    run(replica, session, "ok");

    assertEquals(List.of(BIG), backend.requests.stream().map(r -> r.candidate()).toList());
  }

  @Test
  void aRestThatIsClearedIsOverForTheNextTurn() throws InterruptedException {
    var session = replica.q.session("s");
    fails(replica, session, "fail 402");
    Patience.await().until(() -> replica.cooldowns.snapshot().all().size() == 1);
    var id = replica.cooldowns.snapshot().all().iterator().next().id();

    replica.cooldowns.clear(id, "ann", "paid");

    assertInstanceOf(TurnEvent.Succeeded.class, run(replica, session, "ok"));
  }
}
