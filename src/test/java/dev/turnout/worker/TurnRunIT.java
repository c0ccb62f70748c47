package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.events.StoredEvent;
import dev.turnout.events.TurnEvent;
import dev.turnout.failure.FailureReason;
import dev.turnout.queue.NewTurn;
import dev.turnout.settings.Settings;
import dev.turnout.testing.Patience;
import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.TestDatabase;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.BusyMode;
import dev.turnout.turn.Recovery;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a run makes of a turn. */
@Timeout(60)
class TurnRunIT {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Settings SETTINGS =
      TestSettings.settings(
          List.of(TestSettings.candidate("cli", "subscription")),
          8,
          TestSettings.cli("cli", "unused"));

  private final ScriptedBackend backend = new ScriptedBackend();
  private TestDatabase database;
  private WorkerFixture replica;

  @BeforeEach
  void start() {
    database = TestDatabase.migrated();
    replica = new WorkerFixture(database, backend, SETTINGS);
  }

  @AfterEach
  void stop() {
    assertEquals(List.of(), backend.overlaps);
    assertEquals(List.of(), replica.q.violations());
    replica.close();
    database.close();
  }

  private NewTurn turn(String session, String input) {
    return replica.q.turn(replica.q.session(session), input);
  }

  private static NewTurn recovering(NewTurn turn, Recovery recovery) {
    return new NewTurn(
        turn.id(),
        turn.session(),
        turn.agent(),
        turn.choice(),
        turn.lane(),
        turn.priority(),
        recovery,
        turn.mode(),
        turn.input(),
        turn.metadata(),
        turn.notBefore(),
        turn.expiresAt(),
        turn.cap(),
        turn.idempotency());
  }

  private FailureReason failureOf(TurnId turn) throws InterruptedException {
    var last = replica.await(turn, TurnState.FAILED).last().orElseThrow().event();
    return assertInstanceOf(TurnEvent.Failed.class, last).failure().reason();
  }

  @Test
  void anAnsweredTurnTellsItsWholeStoryInOrder() throws InterruptedException {
    replica.start(LEASE);
    var id = replica.submit(turn("s", "say one;tool ls;say two"));

    replica.await(id, TurnState.SUCCEEDED);

    // With a tool between: words that follow each other may become one event.
    assertEquals(
        List.of(
            "accepted",
            "started",
            "attempt_started",
            "output",
            "tool_started",
            "output",
            "succeeded"),
        replica.q.kinds(id));
  }

  @Test
  void aFailedAttemptEndsTheTurnWithItsReason() throws InterruptedException {
    replica.start(LEASE);

    assertEquals(FailureReason.BILLING, failureOf(replica.submit(turn("s", "fail 402"))));
  }

  @Test
  void aBackendThatThrowsEndsTheTurnAsOurs() throws InterruptedException {
    replica.start(LEASE);

    assertEquals(FailureReason.INTERNAL, failureOf(replica.submit(turn("s", "throw"))));
  }

  @Test
  void aBackendThatBreaksEndsTheTurnAsOurs() throws InterruptedException {
    replica.start(LEASE);

    assertEquals(FailureReason.INTERNAL, failureOf(replica.submit(turn("s", "break"))));
  }

  @Test
  void aCancelledRunEndsAsCancelledWithWhatItHadSaid() throws InterruptedException {
    replica.start(LEASE);
    var id = replica.submit(turn("s", "say half;hold"));
    backend.awaitHeld();

    replica.q.queue.cancel(id);

    var last = replica.await(id, TurnState.CANCELLED).last().orElseThrow().event();
    assertEquals("half", assertInstanceOf(TurnEvent.Cancelled.class, last).partial());
  }

  @Test
  void anInterruptingTurnEndsTheRunningOneAndRunsNext() throws InterruptedException {
    replica.start(LEASE);
    var session = replica.q.session("s");
    var running = replica.submit(replica.q.turn(session, "hold"));
    backend.awaitHeld();
    var urgent = replica.q.turn(session, "ok");

    replica.submit(replica.q.with(urgent, BusyMode.INTERRUPT, 100));
    replica.q.queue.runsWereSignalled();

    replica.await(urgent.id(), TurnState.SUCCEEDED);
    var last = replica.q.view(running).last().orElseThrow().event();
    assertEquals(Optional.of(urgent.id()), assertInstanceOf(TurnEvent.Cancelled.class, last).by());
  }

  @Test
  void aDrainedRunWithoutEffectGoesBackAndOneWithEffectEndsAsInterrupted()
      throws InterruptedException {
    replica.start(LEASE);
    var silent = replica.submit(turn("silent", "hold"));
    var spoken = replica.submit(turn("spoken", "say word;hold"));
    while (!replica.q.kinds(spoken).contains("output")
        || !replica.q.kinds(silent).contains("attempt_started")) {
      Thread.onSpinWait();
    }

    replica.pool.drain();

    assertEquals(TurnState.QUEUED, replica.q.view(silent).state());
    assertTrue(replica.q.kinds(silent).contains("given_back"));
    assertEquals(FailureReason.INTERRUPTED, failureOf(spoken));
  }

  /** Holds the run inside the database, where an interrupt would cost it its connection. */
  private Connection blockMemories() throws SQLException {
    var blocker = database.dataSource("").getConnection();
    blocker.setAutoCommit(false);
    try (var statement = blocker.createStatement()) {
      statement.execute("lock table turnout.session_backend in access exclusive mode");
    }
    return blocker;
  }

  private void awaitBlocked() {
    while (replica.q.number(
            """
            select count(*) from pg_locks
            where not granted and relation = 'turnout.session_backend'::regclass
              and database = (select oid from pg_database where datname = current_database())
            """)
        == 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aCancelThatComesWhileTheRunIsInTheDatabaseEndsItAsCancelled() throws Exception {
    replica.start(LEASE);
    try (var blocker = blockMemories()) {
      var id = replica.submit(turn("s", "ok"));
      awaitBlocked();

      replica.q.queue.cancel(id);
      replica.awaitSignalled(id);
      blocker.rollback();

      replica.await(id, TurnState.CANCELLED);
      assertEquals(0, backend.requests.size());
    }
  }

  @Test
  void aRunThatTheDatabaseLeavesBeforeItSaidAnythingRunsAgain() throws Exception {
    replica.start(LEASE);
    try (var blocker = blockMemories()) {
      var id = replica.submit(turn("s", "ok"));
      awaitBlocked();

      replica.q.number(
          """
          select count(pg_terminate_backend(pid)) from pg_locks
          where not granted and relation = 'turnout.session_backend'::regclass
          """);
      blocker.rollback();

      replica.await(id, TurnState.SUCCEEDED);
      assertTrue(replica.q.kinds(id).contains("given_back"));
    }
  }

  @Test
  void theEndOfARunIsKeptWhileTheDatabaseIsAway() throws InterruptedException {
    replica.start(LEASE);
    var id = replica.submit(turn("s", "hold"));
    backend.awaitHeld();

    database.goAway();
    backend.release();
    Patience.await().until(() -> backend.answered.get() == 1);
    database.comeBack();

    Patience.await().ignoreExceptions().until(() -> replica.q.view(id).state().isTerminal());
    replica.await(id, TurnState.SUCCEEDED);
    assertEquals(1, backend.requests.size());
  }

  @Test
  void aTurnWhoseReplicaLostItsLeaseInAnOutageRunsAgainWhenTheDatabaseIsBack()
      throws InterruptedException {
    replica.start(Duration.ofSeconds(1));
    var id = replica.submit(turn("s", "hold"));
    backend.awaitHeld();

    database.goAway();
    Patience.await().atMost(Duration.ofSeconds(30)).until(() -> backend.answered.get() == 1);
    backend.release();
    database.comeBack();

    Patience.await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> replica.q.view(id).state() == TurnState.SUCCEEDED);
    assertEquals(2, backend.requests.size());
  }

  @Test
  void whoListensIsToldWhatTheLogSays() throws InterruptedException {
    var turn = turn("s", "say word;tool ls;ok");
    var told = new ArrayList<StoredEvent>();
    try (var listener = replica.q.bell.listen(turn.id())) {
      replica.start(LEASE);
      replica.submit(turn);
      while (told.isEmpty() || !told.getLast().isEnd()) {
        told.addAll(listener.next(told.isEmpty() ? 1 : told.getLast().n(), Duration.ofMinutes(1)));
      }
    }

    assertEquals(replica.q.events.read(turn.id(), 1).events(), told);
    assertTrue(told.size() > 4, told::toString);
  }

  @ParameterizedTest
  @CsvSource({"tool ls;hold, tool_started", "say word;tool ls;hold, output"})
  void theFirstEffectIsOnDiskBeforeAnActGoesOn(String prompt, String first)
      throws InterruptedException {
    var turn = turn("s", prompt);
    var stored = new CopyOnWriteArrayList<String>();
    backend.atHold = () -> stored.addAll(replica.q.kinds(turn.id()));
    replica.start(LEASE);

    replica.submit(turn);
    backend.awaitHeld();

    assertTrue(stored.contains(first), "" + stored);
    backend.release();
    replica.await(turn.id(), TurnState.SUCCEEDED);
  }

  @ParameterizedTest
  @EnumSource(Recovery.class)
  void aTurnThatHadNoEffectRunsAgainAfterACrashUnlessItsCallerForbadeIt(Recovery recovery)
      throws InterruptedException {
    var id = crashDuring(recovering(turn("s", "ok"), recovery), false);

    replica.start(LEASE);

    if (recovery == Recovery.NEVER) {
      assertEquals(FailureReason.INTERRUPTED, failureOf(id));
      assertEquals(0, backend.requests.size());
    } else {
      replica.await(id, TurnState.SUCCEEDED);
    }
  }

  @ParameterizedTest
  @EnumSource(Recovery.class)
  void aTurnThatHadAnEffectRunsAgainAfterACrashOnlyWhenItsCallerAllowsIt(Recovery recovery)
      throws InterruptedException {
    var id = crashDuring(recovering(turn("s", "ok"), recovery), true);

    replica.start(LEASE);

    if (recovery == Recovery.ALWAYS) {
      replica.await(id, TurnState.SUCCEEDED);
    } else {
      assertEquals(FailureReason.INTERRUPTED, failureOf(id));
      var last = (TurnEvent.Failed) replica.q.view(id).last().orElseThrow().event();
      assertEquals("seen", last.partial());
      assertEquals(0, backend.requests.size());
    }
  }

  @Test
  void ofTheManyWordsOfADeadRunTheFirstAndTheLastAreTold() throws InterruptedException {
    var said = Stream.of("a", "b", "c", "d").map(letter -> letter.repeat(50_000)).toList();
    var id = crashAfter(turn("s", "ok"), said);

    replica.start(LEASE);

    var last = replica.await(id, TurnState.FAILED).last().orElseThrow().event();
    var partial = assertInstanceOf(TurnEvent.Failed.class, last).partial();
    assertTrue(partial.startsWith("aa") && partial.endsWith("dd"));
    assertTrue(partial.length() < 100_000, () -> "kept " + partial.length());
    assertTrue(partial.contains("characters left out"));
  }

  @Test
  void aTurnThatKeepsKillingItsReplicaIsGivenUp() throws InterruptedException {
    var turn = recovering(turn("s", "ok"), Recovery.ALWAYS);
    var id = crashDuring(turn, false);
    replica.q.execute("update turnout.session_line set runs = 3");

    replica.start(LEASE);

    assertEquals(FailureReason.INTERRUPTED, failureOf(id));
  }

  /** An earlier incarnation on the same home claims the turn, perhaps says something, and dies. */
  private TurnId crashDuring(NewTurn turn, boolean effect) throws InterruptedException {
    return crashAfter(turn, effect ? List.of("seen") : List.of());
  }

  private TurnId crashAfter(NewTurn turn, List<String> said) throws InterruptedException {
    var dead = replica.q.replicas.register(replica.home, "test", 2, LEASE);
    replica.q.self = dead;
    replica.q.open(1);
    replica.q.admit(turn);
    var claimed = replica.q.queue.take();
    for (var text : said) {
      replica.q.events.append(claimed.run(), new TurnEvent.Output(text), true).await();
    }
    replica.q.queue.pause();
    return turn.id();
  }
}
