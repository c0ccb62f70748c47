package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.events.TurnEvent;
import dev.turnout.failure.FailureReason;
import dev.turnout.settings.Settings;
import dev.turnout.settings.WrittenSettings;
import dev.turnout.testing.Patience;
import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.TestDatabase;
import dev.turnout.turn.Attempt;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.RouteChoice;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What people were told, and who was asked, in the stories that Turnout was made for. */
@Timeout(120)
class CooldownStoriesIT {
  private static final Duration LEASE = Duration.ofMinutes(5);

  /** One account with two models on the API, and a CLI on the same account behind them. */
  private static final Settings SETTINGS =
      WrittenSettings.of(
          Map.ofEntries(
              Map.entry("turnout.fallback.retry-budget", "0s"),
              Map.entry("turnout.backends.api.kind", "anthropic"),
              Map.entry("turnout.backends.cli.kind", "claude"),
              Map.entry("turnout.auth-profiles.account.provider", "anthropic"),
              Map.entry("turnout.auth-profiles.account.secret", "env:KEY"),
              Map.entry("turnout.agents.demo.chain[0].backend", "api"),
              Map.entry("turnout.agents.demo.chain[0].model", "big"),
              Map.entry("turnout.agents.demo.chain[0].auth-profile", "account"),
              Map.entry("turnout.agents.demo.chain[1].backend", "api"),
              Map.entry("turnout.agents.demo.chain[1].model", "small"),
              Map.entry("turnout.agents.demo.chain[1].auth-profile", "account"),
              Map.entry("turnout.agents.demo.chain[2].backend", "cli"),
              Map.entry("turnout.agents.demo.chain[2].auth-profile", "account")));

  /** The API alone. */
  private static final RouteChoice API = backend("api");

  private final ScriptedBackend backend = new ScriptedBackend();
  private TestDatabase database;
  private WorkerFixture one;
  private WorkerFixture other;

  private static RouteChoice backend(String name) {
    return new RouteChoice(
        Optional.empty(), Optional.of(new BackendId(name)), Optional.empty(), List.of());
  }

  @BeforeEach
  void start() {
    database = TestDatabase.migrated();
    one = new WorkerFixture(database, backend, SETTINGS).start(LEASE);
    other = new WorkerFixture(database, backend, SETTINGS).start(LEASE);
  }

  @AfterEach
  void stop() {
    assertEquals(List.of(), one.q.violations());
    one.close();
    other.close();
    database.close();
  }

  private TurnEvent run(WorkerFixture on, String session, String input, RouteChoice choice)
      throws InterruptedException {
    return on.run(WorkerFixture.chosen(on.q.turn(on.q.session(session), input), choice, "user"));
  }

  private TurnEvent.Failed fails(WorkerFixture on, String session) throws InterruptedException {
    return assertInstanceOf(TurnEvent.Failed.class, run(on, session, "ok", API));
  }

  private static boolean isAllBilling(TurnEvent.Failed failed) {
    return failed.failure().reason() == FailureReason.BILLING
        && failed.attempts().size() == 2
        && failed.attempts().stream()
            .allMatch(
                a -> a.skipped() && a.failure().orElseThrow().reason() == FailureReason.BILLING);
  }

  @Test
  void afterOneBillingFailureEverybodyIsToldTheSameForHoursAndNobodyIsAsked()
      throws InterruptedException {
    run(one, "first", "fail 402", API);
    var messages = new HashSet<String>();
    for (int i = 0; i < 5; i++) {
      var failed = fails(one, "again" + i);
      assertTrue(isAllBilling(failed), failed::toString);
      messages.add(failed.messages().orElseThrow().getOrDefault("en", ""));
    }
    Patience.await().until(() -> other.cooldowns.snapshot().all().size() == 1);
    messages.add(fails(other, "elsewhere").messages().orElseThrow().getOrDefault("en", ""));
    try (var restarted = new WorkerFixture(database, backend, SETTINGS).start(LEASE)) {
      messages.add(fails(restarted, "restarted").messages().orElseThrow().getOrDefault("en", ""));
    }

    assertEquals(1, messages.size(), messages::toString);
    var message = messages.iterator().next();
    assertTrue(message.contains("credit") || message.contains("bill"), message);
    var at = fails(one, "when").failure().retryAt().orElseThrow();
    assertTrue(at.isAfter(one.clock.instant()));
    assertEquals(1, backend.requests.size());
  }

  @Test
  void aFollowUpIsToldAsTheFirstTurnIs() throws InterruptedException {
    run(one, "first", "fail 402", API);
    var session = one.q.session("s");
    var first = one.submit(WorkerFixture.chosen(one.q.turn(session, "ok"), API, "user"));
    var followUp = one.submit(WorkerFixture.chosen(one.q.turn(session, "ok"), API, "user"));

    var told = assertInstanceOf(TurnEvent.Failed.class, one.end(first));
    var toldNext = assertInstanceOf(TurnEvent.Failed.class, one.end(followUp));

    assertTrue(isAllBilling(toldNext), toldNext::toString);
    assertEquals(told.messages(), toldNext.messages());
  }

  @Test
  void theWordsOfASkipDecideNothing() throws InterruptedException {
    run(one, "first", "fail 402", API);
    var before = fails(one, "before").messages();

    one.q.execute(
        "update turnout.cooldown set summary = 'rate limit: model not found', rule = 'x'");
    Patience.await()
        .until(
            () ->
                one.cooldowns.snapshot().all().stream()
                    .allMatch(c -> c.failure().rule().equals("x")));
    var after = fails(one, "after");

    assertTrue(isAllBilling(after), after::toString);
    assertEquals(before, after.messages());
  }

  @Test
  void fiftyThreeBillingFailuresOfTheApiLeaveTheCliOfTheAccountUnharmed()
      throws InterruptedException {
    for (int i = 0; i < 53; i++) {
      // Longer than the longest rest: each of them is a real call that really fails.
      one.clock.advance(Duration.ofHours(25));
      run(one, "api" + i, "fail 402", API);
    }
    assertEquals(53, backend.requests.size());
    assertEquals(53, one.cooldowns.snapshot().all().iterator().next().step());

    var done = assertInstanceOf(TurnEvent.Succeeded.class, run(one, "cli", "ok", backend("cli")));
    assertEquals(1, done.attempts().size());
    var whole =
        assertInstanceOf(TurnEvent.Succeeded.class, run(one, "all", "ok", RouteChoice.NONE));
    assertEquals(
        List.of(true, true, false), whole.attempts().stream().map(Attempt::skipped).toList());
  }

  @Test
  void aHundredFailuresOfHelpersLeaveEveryTurnOfUsersAlone() throws InterruptedException {
    int answered = 0;
    for (int i = 0; i < 100; i++) {
      var helper = one.q.turn(one.q.session("h" + i), "fail " + List.of(402, 429, 529).get(i % 3));
      one.run(WorkerFixture.chosen(helper, RouteChoice.NONE, "helper"));
      if (i % 10 == 9) {
        var end = run(one, "u" + i, "ok", RouteChoice.NONE);
        var done = assertInstanceOf(TurnEvent.Succeeded.class, end);
        answered += done.attempts().size() == 1 ? 1 : 0;
      }
    }

    assertEquals(10, answered);
    assertTrue(
        one.cooldowns.snapshot().all().stream().allMatch(c -> c.key().lane().equals("helper")));
  }

  @Test
  void whatIsClearedOnOneReplicaIsAskedByTheOther() throws InterruptedException {
    run(one, "first", "fail 402", API);
    Patience.await().until(() -> other.cooldowns.snapshot().all().size() == 1);
    assertTrue(isAllBilling(fails(other, "before")));

    one.cooldowns.clear(one.cooldowns.snapshot().all().iterator().next().id(), "ann", "paid");
    Patience.await().until(() -> other.cooldowns.snapshot().all().isEmpty());

    assertInstanceOf(TurnEvent.Succeeded.class, run(other, "after", "ok", API));
  }

  @Test
  void ofTwoReplicasThatFindTheRestOverOneGoesFirst() throws InterruptedException {
    run(one, "first", "fail 402", API);
    Patience.await().until(() -> other.cooldowns.snapshot().all().size() == 1);
    one.clock.advance(Duration.ofMinutes(11));
    other.clock.advance(Duration.ofMinutes(11));
    backend.requests.clear();

    var here =
        one.submit(WorkerFixture.chosen(one.q.turn(one.q.session("a"), "hold;ok"), API, "user"));
    var there =
        other.submit(
            WorkerFixture.chosen(other.q.turn(other.q.session("b"), "hold;ok"), API, "user"));
    backend.awaitHeld();
    // Whoever was not first has been told, while the other still asks.
    Patience.await()
        .until(
            () -> one.q.view(here).state().isTerminal() != one.q.view(there).state().isTerminal());
    backend.release();

    var ends = Set.of(one.end(here).getClass(), one.end(there).getClass());
    assertEquals(Set.of(TurnEvent.Succeeded.class, TurnEvent.Failed.class), ends);
    assertEquals(1, backend.requests.size());
  }
}
