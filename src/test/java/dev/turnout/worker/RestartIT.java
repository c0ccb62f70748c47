package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.turnout.events.TurnEvent;
import dev.turnout.failure.FailureReason;
import dev.turnout.settings.Settings;
import dev.turnout.settings.WrittenSettings;
import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.TestDatabase;
import dev.turnout.turn.Attempt;
import dev.turnout.turn.TurnId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that are begun anew, and what readers are told of retries and skips. */
@Timeout(60)
class RestartIT {
  private static final String AGENT = "turnout.agents.demo.";
  private static final String OUTPUT = AGENT + "restart-after-output";

  private final ScriptedBackend backend = new ScriptedBackend();
  private final TestDatabase database = TestDatabase.migrated();
  private WorkerFixture replica;

  @BeforeEach
  void prepare() {
    replica = new WorkerFixture(database, backend, settings(Map.of()));
  }

  @AfterEach
  void stop() {
    assertEquals(List.of(), replica.q.violations());
    replica.close();
    database.close();
  }

  /** An agent of two CLIs, and more settings. */
  private static Settings settings(Map<String, String> extra) {
    var written =
        new HashMap<>(
            Map.of(
                "turnout.fallback.retry-budget", "0s",
                "turnout.backends.shown.kind", "claude",
                "turnout.backends.hidden.kind", "command",
                "turnout.backends.hidden.command", "unused",
                "turnout.backends.next.kind", "claude",
                "turnout.agents.demo.chain[0].backend", "shown",
                "turnout.agents.demo.chain[1].backend", "next"));
    written.putAll(extra);
    return WrittenSettings.of(written);
  }

  private TurnId run(Map<String, String> extra, String input) throws InterruptedException {
    replica.close();
    replica = new WorkerFixture(database, backend, settings(extra)).start(Duration.ofMinutes(5));
    var turn = replica.submit(replica.q.turn(replica.q.session("s" + UUID.randomUUID()), input));
    replica.end(turn);
    return turn;
  }

  private List<TurnEvent> events(TurnId turn) {
    return replica.q.stored(turn).stream().map(stored -> stored.event()).toList();
  }

  private TurnEvent last(TurnId turn) {
    return replica.q.view(turn).last().orElseThrow().event();
  }

  private static List<String> backends(List<Attempt> attempts) {
    return attempts.stream().map(a -> a.candidate().backend().value()).toList();
  }

  @Test
  void whatWasSaidIsVoidAndReadersAreTold() throws InterruptedException {
    var turn = run(Map.of(OUTPUT, "true"), "only shown say half;only shown fail 500;ok");

    var done = assertInstanceOf(TurnEvent.Succeeded.class, last(turn));
    assertEquals(List.of("shown", "next"), backends(done.attempts()));
    assertEquals(List.of(true, false), done.attempts().stream().map(Attempt::voided).toList());
    var kinds = events(turn).stream().map(event -> event.getClass().getSimpleName()).toList();
    assertEquals(
        List.of(
            "Accepted",
            "Started",
            "AttemptStarted",
            "Output",
            "AttemptFailed",
            "Restarted",
            "AttemptStarted",
            "Succeeded"),
        kinds);
    var restarted = assertInstanceOf(TurnEvent.Restarted.class, events(turn).get(5));
    assertEquals("shown", restarted.candidate().backend().value());
    assertEquals(FailureReason.SERVER_ERROR, restarted.reason());
    assertEquals(false, restarted.tools());
  }

  @Test
  void whatIsLeftOfAFailedTurnIsWhatCameAfterTheRestart() throws InterruptedException {
    var turn = run(Map.of(OUTPUT, "true"), "only shown say first;only next say second;fail 500");

    var failed = assertInstanceOf(TurnEvent.Failed.class, last(turn));
    assertEquals("second", failed.partial());
    assertEquals(List.of("shown", "next"), backends(failed.attempts()));
  }

  @Test
  void withoutLeaveNobodyBeginsAnew() throws InterruptedException {
    var turn = run(Map.of(), "only shown say half;only shown fail 500;ok");

    var failed = assertInstanceOf(TurnEvent.Failed.class, last(turn));
    assertEquals("half", failed.partial());
    assertEquals(List.of("shown"), backends(failed.attempts()));
  }

  @Test
  void toolsThatMayHaveActedStopTheTurnUntilTheyMayBeRepeated() throws InterruptedException {
    var input = "only shown tool Bash;only shown fail 500;ok";
    var turn = run(Map.of(OUTPUT, "true"), input);
    assertInstanceOf(TurnEvent.Failed.class, last(turn));

    var again = run(Map.of(OUTPUT, "true", AGENT + "restart-after-tools", "true"), input);
    assertInstanceOf(TurnEvent.Succeeded.class, last(again));
    assertEquals(
        List.of(true),
        events(again).stream()
            .filter(TurnEvent.Restarted.class::isInstance)
            .map(event -> ((TurnEvent.Restarted) event).tools())
            .toList());
  }

  @Test
  void ofABackendThatDoesNotTellOfItsToolsEveryWordMayBeADeed() throws InterruptedException {
    var turn =
        run(
            Map.of(OUTPUT, "true", AGENT + "chain[0].backend", "hidden"),
            "only hidden say half;only hidden fail 500;ok");

    assertInstanceOf(TurnEvent.Failed.class, last(turn));
  }

  @Test
  void aRetryAndASkipAreToldWhileTheyHappen() throws InterruptedException {
    var turn =
        run(
            Map.of("turnout.fallback.retry-budget", "5s"),
            "only shown fail 529;only next fail 402");

    var failed = assertInstanceOf(TurnEvent.Failed.class, last(turn));
    assertEquals(List.of("shown", "shown", "next"), backends(failed.attempts()));
    var retried =
        events(turn).stream()
            .filter(TurnEvent.AttemptRetried.class::isInstance)
            .map(TurnEvent.AttemptRetried.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals(FailureReason.OVERLOADED, retried.reason());
    var second = replica.submit(replica.q.turn(replica.q.session("s"), "only shown fail 402"));
    replica.end(second);
    var skipped =
        events(second).stream()
            .filter(TurnEvent.AttemptSkipped.class::isInstance)
            .map(TurnEvent.AttemptSkipped.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals("next", skipped.candidate().backend().value());
    assertEquals(FailureReason.BILLING, skipped.reason());
    assertEquals(
        Optional.of(true), skipped.until().map(end -> end.isAfter(replica.clock.instant())));
  }

  @Test
  void aChainOfItsKindIsAskedAfterAnOverflow() throws InterruptedException {
    var turn =
        run(
            Map.of(AGENT + "context-overflow-chain[0].backend", "hidden"),
            "only shown fail 413;only next fail 500;ok");

    var done = assertInstanceOf(TurnEvent.Succeeded.class, last(turn));
    assertEquals(List.of("shown", "hidden"), backends(done.attempts()));
  }
}
