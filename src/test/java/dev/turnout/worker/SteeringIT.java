package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.events.TurnEvent;
import dev.turnout.failure.FailureReason;
import dev.turnout.queue.NewTurn;
import dev.turnout.settings.Settings;
import dev.turnout.testing.Patience;
import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.TestDatabase;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.BusyMode;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.SteerRefusal;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A turn that asks to be taken into the one that runs, and what becomes of it. */
@Timeout(120)
class SteeringIT {
  private static final Settings SETTINGS =
      TestSettings.settings(
          List.of(TestSettings.candidate("cli", "p")), 4, TestSettings.cli("cli", "unused"));

  private final TestDatabase database = TestDatabase.migrated();
  private final WorkerFixture replica =
      new WorkerFixture(database, new ScriptedBackend(), SETTINGS);
  private SessionId session = new SessionId(0);

  @BeforeEach
  void open() {
    session = replica.q.session("s");
    replica.start(Duration.ofMinutes(1));
  }

  @AfterEach
  void nothingIsWrong() {
    assertEquals(List.of(), replica.q.violations());
    replica.close();
    database.close();
  }

  private NewTurn steering(String input) {
    return replica.q.with(replica.q.turn(session, input), BusyMode.STEER, 100);
  }

  private TurnId submit(NewTurn turn) throws InterruptedException {
    var id = replica.submit(turn);
    replica.q.queue.runsWereSignalled();
    return id;
  }

  private TurnId running(String input) throws InterruptedException {
    var turn = replica.submit(replica.q.turn(session, input));
    replica.await(turn, TurnState.RUNNING);
    return turn;
  }

  private static String answer(TurnEvent end) {
    return assertInstanceOf(TurnEvent.Succeeded.class, end, end::toString).answer().text();
  }

  private List<TurnEvent> events(TurnId turn) {
    return replica.q.stored(turn).stream().map(stored -> stored.event()).toList();
  }

  @Test
  void twoAreTakenInInTheirOrderAndEndWithTheTurnThatTookThem() throws InterruptedException {
    var head = running("hear 2");
    var first = submit(steering("one"));
    var second = submit(steering("two"));

    assertEquals("heard one, two", answer(replica.end(head)));

    assertEquals(new TurnEvent.Merged(head), replica.end(first));
    assertEquals(new TurnEvent.Merged(head), replica.end(second));
    assertEquals(TurnState.MERGED, replica.q.view(first).state());
    assertEquals(
        List.of(new TurnEvent.Steered(first), new TurnEvent.Steered(second)),
        events(head).stream().filter(TurnEvent.Steered.class::isInstance).toList());
    assertEquals(
        List.of("hear 2\n\none\n\ntwo"),
        replica.q.history.exchanges(session, 0, 10).stream().map(e -> e.input()).toList());
    assertEquals(1, replica.backend.requests.size());
    assertEquals(0, replica.q.number("select count(*) from turnout.run_word"));
  }

  @Test
  void oneThatIsNotTakenFollowsAndSoDoesTheOneBehindIt() throws InterruptedException {
    var head = running("refuse 1;listen 1;hold");
    var first = submit(steering("one"));
    Patience.await()
        .until(() -> replica.q.view(first).notSteered().equals(Optional.of(SteerRefusal.REFUSED)));
    var second = submit(steering("two"));
    Patience.await().until(() -> replica.q.view(second).notSteered().isPresent());
    replica.backend.release();

    assertEquals("answer to one", answer(replica.end(first)));
    assertEquals("answer to two", answer(replica.end(second)));

    assertEquals(Optional.of(SteerRefusal.BEHIND_ANOTHER), replica.q.view(second).notSteered());
    assertTrue(
        events(first).contains(new TurnEvent.NotSteered(Optional.of(head), SteerRefusal.REFUSED)));
    assertEquals(3, replica.backend.requests.size());
  }

  @Test
  void otherCandidateOrNothingThatRunsMakesItAFollowUp() throws InterruptedException {
    var alone = submit(steering("ok"));
    answer(replica.end(alone));
    assertEquals(Optional.of(SteerRefusal.NOTHING_RAN), replica.q.view(alone).notSteered());

    running("listen 1;hold");
    var other =
        submit(
            WorkerFixture.chosen(
                steering("other"), RouteChoice.ofModel(Optional.of("big")), "user"));
    Patience.await().until(() -> replica.q.view(other).notSteered().isPresent());

    assertEquals(Optional.of(SteerRefusal.OTHER_CANDIDATE), replica.q.view(other).notSteered());
    replica.backend.release();
  }

  @Test
  void crashWhileItsWordsAreOnTheirWayLeavesOneTrueOutcome() throws InterruptedException {
    var head = running("say begun;listen 1;hold");
    var steering = submit(steering("one"));
    Patience.await()
        .until(
            () ->
                replica.q.number(
                        "select count(*) from turnout.turn where handed_to = '" + head + "'")
                    == 1);
    try (var next = new WorkerFixture(database, new ScriptedBackend(), SETTINGS)) {
      replica.q.execute("update turnout.replica set lease_until = now() - interval '1 hour'");
      next.q.replicas.rescueOverdue();
      next.start(Duration.ofMinutes(1));

      var first = assertInstanceOf(TurnEvent.Failed.class, next.end(head));
      var second = assertInstanceOf(TurnEvent.Failed.class, next.end(steering));

      assertEquals(FailureReason.INTERRUPTED, first.failure().reason());
      assertEquals("recovery.handed_over", second.failure().rule());
      assertEquals(List.of(), next.backend.requests);
    }
  }

  @Test
  void crashAfterItWasTakenInAsksTheNextRunForBoth() throws InterruptedException {
    var head = running("hear 1;hold");
    var steering = submit(steering("one"));
    assertEquals(new TurnEvent.Merged(head), replica.end(steering));
    try (var next = new WorkerFixture(database, new ScriptedBackend(), SETTINGS)) {
      next.backend.release();
      replica.q.execute("update turnout.replica set lease_until = now() - interval '1 hour'");
      next.q.replicas.rescueOverdue();
      next.start(Duration.ofMinutes(1));

      Patience.await().until(() -> next.backend.requests.size() == 1);

      assertEquals("hear 1;hold\n\none", next.backend.requests.getFirst().prompt());
      next.q.queue.cancel(head);
      next.end(head);
    }
  }
}
