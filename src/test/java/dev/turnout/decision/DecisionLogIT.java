package dev.turnout.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.decision.Decision.Choice;
import dev.turnout.decision.Decision.Ending;
import dev.turnout.failure.ClassificationRule;
import dev.turnout.failure.ClassificationRules;
import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.failure.FailureSignal;
import dev.turnout.failure.SignalFacts;
import dev.turnout.testing.QueueFixture;
import dev.turnout.testing.SettableClock;
import dev.turnout.testing.TestDatabase;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.RunRef;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TenantId;
import dev.turnout.turn.TurnId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DecisionLogIT {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");
  private static final AgentId AGENT = new AgentId("main");
  private static final LaneId USER = new LaneId("user");
  private static final DecisionFilter ALL = filter(Optional.empty(), Optional.empty());

  private TestDatabase database;
  private QueueFixture q;
  private DecisionLog log;
  private SessionId session;

  @BeforeEach
  void start() {
    database = TestDatabase.migrated();
    q = new QueueFixture(database, new SettableClock());
    log = new DecisionLog(database.dataSource(""));
    session = q.session("s");
  }

  @AfterEach
  void stop() {
    q.close();
    database.close();
  }

  private static DecisionFilter filter(Optional<Instant> from, Optional<Instant> to) {
    return new DecisionFilter(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        from,
        to);
  }

  private RunRef run() {
    return new RunRef(new TurnId(UUID.randomUUID()), session, 1, 1);
  }

  private static Decision failed(Instant at, String backend, FailureReason reason, String said) {
    var signal =
        new FailureSignal.HttpRejected(
            429, Optional.of("the_type"), Optional.empty(), said, Map.of("Retry-After", "20"));
    return new Decision(
        at,
        Choice.ASKED,
        Optional.of(
            new Candidate(
                new BackendId(backend),
                Optional.of("big"),
                Optional.of(new AuthProfileId("account")))),
        Optional.of("api"),
        Optional.of(Ending.FAILED),
        Optional.of(
            new Failure(
                reason,
                "http.429",
                "HTTP 429: " + said,
                Optional.of(at.plusSeconds(20)),
                Optional.of("status"),
                Optional.of(said))),
        Duration.ofMillis(42),
        Optional.of(new Decision.Rest(new UUID(0, 7), at.plusSeconds(60))),
        Optional.of(SignalFacts.of(signal)),
        Optional.of(new Decision.Next(Choice.GIVEN_UP, Optional.empty())));
  }

  private static Decision failed(Instant at) {
    return failed(at, "backend", FailureReason.RATE_LIMIT, "slow down");
  }

  private RunRef keep(Decision... steps) {
    var run = run();
    log.keep(run, AGENT, USER, List.of(steps));
    return run;
  }

  private List<KeptDecision> all() {
    return log.page(ALL, Optional.empty(), 1_000);
  }

  @Test
  void everyPartOfADecisionIsKept() {
    var step = failed(NOON);

    var run = keep(step);

    var kept = all().getFirst();
    assertEquals(
        new KeptDecision(
            kept.id(), run.turn(), TenantId.DEFAULT, new SessionKey("s"), AGENT, USER, 1, step),
        kept);
    assertEquals(Optional.of(429), kept.decision().status());
  }

  @Test
  void whatAProcessPrintedCanBeKeptWithoutItsSecrets() {
    var printed = "a\0b \ud800 key sk-ant-api03-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    keep(failed(NOON, "backend", FailureReason.PROCESS_CRASHED, printed));

    var stored = q.number("select count(*) from turnout.decision where facts like '%sk-ant-api%'");

    assertEquals(0, stored);
    var message = all().getFirst().decision().facts().orElseThrow().value("message").orElseThrow();
    assertTrue(message.startsWith("a"), message);
  }

  @Test
  void secondRunOfATurnCountsOn() {
    var run = keep(failed(NOON), failed(NOON));

    log.keep(run, AGENT, USER, List.of(failed(NOON.plusSeconds(1))));

    assertEquals(
        List.of(3, 2, 1),
        log.page(DecisionFilter.ofTurn(run.turn()), Optional.empty(), 10).stream()
            .map(KeptDecision::n)
            .toList());
  }

  @Test
  void pagesMissNothingAndRepeatNothingWhileNewOnesCome() {
    for (int i = 0; i < 50; i++) {
      keep(failed(NOON.plusMillis(i / 7)), failed(NOON.plusMillis(i / 7)));
    }
    var before = new HashSet<>(all().stream().map(KeptDecision::id).toList());

    var seen = new ArrayList<UUID>();
    Optional<UUID> cursor = Optional.empty();
    List<KeptDecision> page;
    do {
      page = log.page(ALL, cursor, 7);
      page.forEach(kept -> seen.add(kept.id()));
      cursor = page.isEmpty() ? cursor : Optional.of(page.getLast().id());
      keep(failed(NOON.plusSeconds(60)));
    } while (page.size() == 7);

    assertEquals(100, seen.size());
    assertEquals(before, new HashSet<>(seen));
  }

  @Test
  void timesAreTakenToTheMicrosecond() {
    keep(failed(NOON));
    var later = NOON.plusNanos(1_000);

    assertEquals(1, count(filter(Optional.of(NOON), Optional.of(later))));
    assertEquals(0, count(filter(Optional.of(later), Optional.empty())));
    assertEquals(0, count(filter(Optional.empty(), Optional.of(NOON))));
  }

  private int count(DecisionFilter filter) {
    return log.page(filter, Optional.empty(), 1_000).size();
  }

  @Test
  void eachFilterLeavesItsOwn() {
    var run = keep(failed(NOON));
    keep(failed(NOON, "other", FailureReason.BILLING, "no money"));
    var tenant = Optional.of(TenantId.DEFAULT);
    var key = Optional.of(new SessionKey("s"));
    var none = Optional.<TurnId>empty();
    var agent = Optional.of(AGENT);
    var backend = Optional.of(new BackendId("other"));
    var profile = Optional.of(new AuthProfileId("account"));
    var lane = Optional.of(USER);
    var noTime = Optional.<Instant>empty();
    var billing = Set.of(FailureReason.BILLING, FailureReason.NETWORK);

    assertEquals(1, count(DecisionFilter.ofTurn(run.turn())));
    assertEquals(
        1,
        count(
            new DecisionFilter(
                tenant, key, none, agent, backend, profile, lane, billing, noTime, noTime)));
    assertEquals(2, count(with(tenant, key, agent, profile, lane)));
    assertEquals(0, count(with(Optional.of(new TenantId("x")), key, agent, profile, lane)));
    assertEquals(0, count(with(tenant, Optional.of(new SessionKey("x")), agent, profile, lane)));
    assertEquals(0, count(with(tenant, key, Optional.of(new AgentId("x")), profile, lane)));
    assertEquals(0, count(with(tenant, key, agent, Optional.of(new AuthProfileId("x")), lane)));
    assertEquals(0, count(with(tenant, key, agent, profile, Optional.of(new LaneId("x")))));
  }

  private static DecisionFilter with(
      Optional<TenantId> tenant,
      Optional<SessionKey> key,
      Optional<AgentId> agent,
      Optional<AuthProfileId> profile,
      Optional<LaneId> lane) {
    return new DecisionFilter(
        tenant,
        key,
        Optional.empty(),
        agent,
        Optional.empty(),
        profile,
        lane,
        Set.of(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void nothingFailsWhenTheDatabaseIsAway() {
    database.goAway();
    try {
      keep(failed(NOON));
      assertThrows(StoreUnavailable.class, this::all);
    } finally {
      database.comeBack();
    }

    assertEquals(List.of(), all());
  }

  @Test
  void decisionsOfADeletedSessionAreGoneAtOnceAndTheirRowsSoon() throws InterruptedException {
    var turn = q.turn(session, "hi");
    q.admit(turn);
    log.keep(new RunRef(turn.id(), session, 1, 1), AGENT, USER, List.of(failed(NOON)));

    q.lines.delete(session);

    assertEquals(List.of(), all());
    q.lines.purgeDeleted();
    assertEquals(0, q.number("select count(*) from turnout.decision"));
  }

  @Test
  void forgettingTakesTheOldestFirstAndNoMoreThanAsked() {
    for (int i = 0; i < 5; i++) {
      keep(failed(NOON.plusSeconds(i)));
    }

    assertEquals(2, log.forget(NOON.plusSeconds(4), 2));
    assertEquals(2, log.forget(NOON.plusSeconds(4), 10));

    assertEquals(
        List.of(NOON.plusSeconds(4)), all().stream().map(kept -> kept.decision().at()).toList());
    assertEquals(0, log.forget(Instant.EPOCH.minusSeconds(1), 10));
  }

  @Test
  void trialCountsWhatWouldChangeAndSaysWhere() {
    RunRef last = keep(failed(NOON.minusSeconds(9)));
    for (int i = 0; i < 1_100; i++) {
      last = keep(failed(NOON.plusMillis(i)));
    }
    keep(failed(NOON, "backend", FailureReason.BILLING, "no money"));
    var rules =
        ClassificationRules.builtIn()
            .overriddenBy(
                List.of(
                    ClassificationRule.of("mine", "says \"slow down\"", "overloaded", "Mine.")));

    var trial = RuleTrial.run(log, rules, NOON, RuleTrial.MOST);

    assertEquals(1_101, trial.examined());
    assertTrue(trial.complete());
    var shift = trial.shifts().getFirst();
    assertEquals(FailureReason.RATE_LIMIT, shift.from());
    assertEquals(FailureReason.OVERLOADED, shift.to());
    assertEquals(1_100, shift.count());
    assertEquals(5, shift.examples().size());
    assertEquals(last.turn(), shift.examples().getFirst().turn());
    assertEquals("http.429", shift.examples().getFirst().oldRule());
    assertEquals("mine", shift.examples().getFirst().newRule());
    assertEquals(trial.changed(), trial.shifts().stream().mapToInt(RuleTrial.Shift::count).sum());
    var few = RuleTrial.run(log, rules, NOON, 600);
    assertEquals(600, few.examined());
    assertFalse(few.complete());
  }
}
