package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.decision.Decision;
import dev.turnout.decision.DecisionFilter;
import dev.turnout.decision.DecisionLog;
import dev.turnout.decision.KeptDecision;
import dev.turnout.failure.FailureReason;
import dev.turnout.settings.AgentSettings;
import dev.turnout.settings.DecisionSettings;
import dev.turnout.settings.FallbackSettings;
import dev.turnout.settings.Settings;
import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.TestDatabase;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What stands in the record of a turn, by the way that it took. */
@Timeout(60)
class DecisionsIT {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Candidate BIG = candidate("big");
  private static final Candidate SMALL = candidate("small");

  private final ScriptedBackend backend = new ScriptedBackend();
  private WorkerFixture replica;
  private DecisionLog log;

  private static Candidate candidate(String model) {
    return new Candidate(
        new BackendId("api"), Optional.of(model), Optional.of(new AuthProfileId("account")));
  }

  private static Settings settings(Set<Candidate> lastResort, Duration retryBudget) {
    var base = TestSettings.settings(List.of(BIG, SMALL), 8, TestSettings.api("api"));
    var agent = new AgentId("demo");
    return new Settings(
        base.revision(),
        agent,
        Map.of(
            agent,
            new AgentSettings(
                agent, List.of(BIG, SMALL), lastResort, Optional.empty(), Optional.empty(), 50)),
        base.backends(),
        base.authProfiles(),
        base.lanes(),
        base.queue(),
        new FallbackSettings(10, retryBudget),
        base.decisions());
  }

  @BeforeEach
  void start() {
    replica =
        new WorkerFixture(TestDatabase.migrated(), backend, settings(Set.of(), Duration.ZERO));
    replica.start(LEASE);
    log = new DecisionLog(replica.q.database.dataSource(""));
  }

  @AfterEach
  void stop() {
    replica.close();
    replica.q.database.close();
  }

  private static TurnId run(WorkerFixture on, String session, String input)
      throws InterruptedException {
    var number =
        on.q.number(
            "select coalesce(max(id), 0) from turnout.session where key = '" + session + "'");
    var id =
        on.submit(on.q.turn(number == 0 ? on.q.session(session) : new SessionId(number), input));
    try (var news = on.q.bell.listen(id)) {
      while (!on.q.view(id).state().isTerminal()) {
        news.await(Duration.ofMillis(50));
      }
    }
    return id;
  }

  /** The steps of this turn in their order. */
  private List<Decision> steps(TurnId turn) {
    var newestFirst = log.page(DecisionFilter.ofTurn(turn), Optional.empty(), 100);
    return newestFirst.reversed().stream().map(KeptDecision::decision).toList();
  }

  /** Each step in a few words. */
  private List<String> told(TurnId turn) {
    var told = new ArrayList<String>();
    for (var step : steps(turn)) {
      told.add(
          step.choice().code()
              + step.candidate().flatMap(Candidate::model).map(m -> " " + m).orElse("")
              + step.outcome().map(ending -> " " + ending.code()).orElse("")
              + step.failure().map(failure -> " " + failure.reason().code()).orElse(""));
    }
    return told;
  }

  @Test
  void aTurnThatIsSimplyAnsweredLeavesNothing() throws InterruptedException {
    run(replica, "s", "ok");

    assertEquals(0, replica.q.number("select count(*) from turnout.decision"));
  }

  @Test
  void aTurnThatIsCancelledAtItsFirstCandidateLeavesNothing() throws InterruptedException {
    var id = replica.submit(replica.q.turn(replica.q.session("s"), "hold"));
    backend.awaitHeld();

    replica.running.stop(id, new StopCause.Cancelled());
    replica.await(id, TurnState.CANCELLED);

    assertEquals(0, replica.q.number("select count(*) from turnout.decision"));
  }

  @Test
  void whoAnsweredInWhosePlaceIsTold() throws InterruptedException {
    var turn = run(replica, "s", "only big fail 429");

    assertEquals(List.of("asked big failed rate_limit", "asked small answered"), told(turn));
    var first = steps(turn).getFirst();
    assertEquals(Optional.of(429), first.status());
    assertEquals(Optional.of("api"), first.runtime());
    assertEquals(
        Optional.of(new Decision.Next(Decision.Choice.ASKED, Optional.of(SMALL))), first.next());
    assertEquals(Optional.of("scripted"), first.facts().flatMap(facts -> facts.value("message")));
    assertEquals(Optional.empty(), steps(turn).getLast().next());
  }

  @Test
  void aSkipNamesTheCooldownThatItMetAndGivingUpNamesTheReason() throws InterruptedException {
    run(replica, "s", "fail 402");
    var cooldown = replica.cooldowns.snapshot().all().iterator().next();

    var turn = run(replica, "s", "ok");

    assertEquals(
        List.of("skipped big billing", "skipped small billing", "given_up billing"), told(turn));
    for (var skipped : steps(turn).subList(0, 2)) {
      assertEquals(
          Optional.of(new Decision.Rest(cooldown.id(), cooldown.until().orElseThrow())),
          skipped.rest());
      assertEquals(Optional.empty(), skipped.facts());
      assertEquals(Optional.of("http.402"), skipped.failure().map(failure -> failure.rule()));
    }
  }

  @Test
  void aProbeIsToldWithTheRestThatWasOver() throws InterruptedException {
    run(replica, "s", "fail 402");
    var cooldown = replica.cooldowns.snapshot().all().iterator().next();
    replica.clock.advance(Duration.ofMinutes(11));

    var turn = run(replica, "s", "ok");

    assertEquals(List.of("probed big answered"), told(turn));
    assertEquals(
        Optional.of(cooldown.id()), steps(turn).getFirst().rest().map(Decision.Rest::cooldown));
  }

  @Test
  void aSecondTryAndANewConversationAreToldAsSuch() throws InterruptedException {
    try (var patient =
        new WorkerFixture(replica.q.database, backend, settings(Set.of(), Duration.ofMillis(1_100)))
            .start(LEASE)) {
      replica.pool.drain();

      var retried = run(patient, "s", "only big fail 529");
      assertEquals(
          List.of(
              "asked big failed overloaded",
              "retried big failed overloaded",
              "asked small answered"),
          told(retried));
      run(patient, "t", "ok");
      assertEquals(
          List.of("asked big failed session_lost", "started_afresh big answered"),
          told(run(patient, "t", "lost")));
    }
  }

  @Test
  void aLastResortIsToldAfterItsSkip() throws InterruptedException {
    try (var desperate =
        new WorkerFixture(replica.q.database, backend, settings(Set.of(SMALL), Duration.ZERO))
            .start(LEASE)) {
      replica.pool.drain();
      var turn = run(desperate, "s", "only big fail 402");

      assertEquals(
          List.of(
              "asked big failed billing", "skipped small billing", "last_resort small answered"),
          told(turn));
    }
  }

  @Test
  void whatWasDecidedIsThereWhenTheTurnHasEndedAndStillAfterTheReplica()
      throws InterruptedException {
    var turn = run(replica, "s", "only big fail 413");
    var seen = steps(turn);

    replica.pool.drain();
    var reader = new DecisionLog(replica.q.database.dataSource("-c jit=off"));

    assertEquals(2, seen.size());
    assertEquals(
        seen,
        reader.page(DecisionFilter.ofTurn(turn), Optional.empty(), 9).reversed().stream()
            .map(KeptDecision::decision)
            .toList());
  }

  @Test
  void whatIsOlderThanTheSettingsSayIsForgotten() throws InterruptedException {
    var old = run(replica, "s", "only big fail 413");
    replica.clock.advance(Duration.ofDays(20));
    var young = run(replica, "s", "only big fail 413");
    replica.clock.advance(Duration.ofDays(10).plusMillis(1));

    sweep(Duration.ofDays(400_000_000L));
    assertEquals(2, steps(old).size());
    sweep(Duration.ofDays(30));

    assertEquals(List.of(), steps(old));
    assertEquals(2, steps(young).size());
    assertTrue(
        log.recorded(Instant.EPOCH, Optional.empty(), 9).stream()
            .allMatch(r -> r.failure().reason() == FailureReason.REQUEST_TOO_LARGE));
  }

  private void sweep(Duration keep) {
    var base = settings(Set.of(), Duration.ZERO);
    var kept =
        new Settings(
            base.revision(),
            base.defaultAgent(),
            base.agents(),
            base.backends(),
            base.authProfiles(),
            base.lanes(),
            base.queue(),
            base.fallback(),
            new DecisionSettings(keep));
    new DecisionSweep(log, () -> kept, replica.clock).once();
  }
}
