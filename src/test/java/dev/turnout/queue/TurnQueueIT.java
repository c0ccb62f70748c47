package dev.turnout.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.events.TurnEvent;
import dev.turnout.testing.QueueFixture;
import dev.turnout.testing.SettableClock;
import dev.turnout.testing.TestDatabase;
import dev.turnout.turn.BusyMode;
import dev.turnout.turn.TurnState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The moves of the line, against a real Postgres. */
@Timeout(60)
class TurnQueueIT {
  private final SettableClock clock = new SettableClock();
  private QueueFixture q;

  @BeforeEach
  void start() {
    q = new QueueFixture(TestDatabase.migrated(), clock);
  }

  @AfterEach
  void endsWithoutViolations() {
    assertEquals(List.of(), q.violations());
    q.close();
    q.database.close();
  }

  @Test
  void turnsOfASessionRunOneAfterTheOtherInTheirOrder() throws InterruptedException {
    q.open(10);
    var session = q.session("s");
    for (var input : List.of("one", "two", "three")) {
      q.admit(q.turn(session, input));
    }

    for (var expected : List.of("one", "two", "three")) {
      var claimed = q.queue.take();
      assertEquals(expected, claimed.input());
      assertEquals(1, q.queue.held());
      assertTrue(q.succeed(claimed, "done"));
    }
  }

  @Test
  void anEndedTurnCarriesItsAnswerInItsLastEvent() throws InterruptedException {
    q.open(1);
    var turn = q.turn(q.session("s"), "hello");
    q.admit(turn);
    q.succeed(q.queue.take(), "the answer");

    var view = q.view(turn.id());

    assertEquals(TurnState.SUCCEEDED, view.state());
    var event = assertInstanceOf(TurnEvent.Succeeded.class, view.last().orElseThrow().event());
    assertEquals("the answer", event.answer().text());
    assertEquals(List.of("accepted", "succeeded"), q.kinds(turn.id()));
  }

  @Test
  void aSessionAtItsCapRefusesAndStoresNothing() throws InterruptedException {
    var session = q.session("s");
    q.admit(q.with(q.turn(session, "1"), BusyMode.FOLLOWUP, 2));
    q.admit(q.with(q.turn(session, "2"), BusyMode.FOLLOWUP, 2));

    var refused = q.admit(q.with(q.turn(session, "3"), BusyMode.FOLLOWUP, 2));

    assertEquals(new AdmissionResult.Full(2), refused);
    assertEquals(2, q.number("select count(*) from turnout.turn"));
  }

  @Test
  void delayedTurnsCountAgainstTheCap() throws InterruptedException {
    var session = q.session("s");
    var later = Optional.of(clock.instant().plusSeconds(60));
    q.admit(q.timed(q.with(q.turn(session, "1"), BusyMode.FOLLOWUP, 1), later, Optional.empty()));

    var refused = q.admit(q.with(q.turn(session, "2"), BusyMode.FOLLOWUP, 1));

    assertEquals(new AdmissionResult.Full(1), refused);
  }

  @Test
  void rejectFindsRoomOnlyInAnIdleSession() throws InterruptedException {
    q.open(1);
    var session = q.session("s");
    var first = q.turn(session, "1");
    assertInstanceOf(AdmissionResult.Admitted.class, q.admit(q.with(first, BusyMode.REJECT, 100)));

    var second = q.admit(q.with(q.turn(session, "2"), BusyMode.REJECT, 100));
    q.succeed(q.queue.take(), "done");
    var third = q.admit(q.with(q.turn(session, "3"), BusyMode.REJECT, 100));

    assertEquals(new AdmissionResult.Busy(), second);
    assertInstanceOf(AdmissionResult.Admitted.class, third);
  }

  @Test
  void interruptDropsWhatWaitsAndSignalsTheRunningTurn() throws InterruptedException {
    q.open(1);
    var session = q.session("s");
    var running = q.turn(session, "running");
    var waiting = q.turn(session, "waiting");
    q.admit(running);
    var claimed = q.queue.take();
    q.admit(waiting);

    var urgent = q.turn(session, "urgent");
    q.admit(q.with(urgent, BusyMode.INTERRUPT, 1));

    assertEquals(TurnState.DROPPED, q.view(waiting.id()).state());
    assertEquals(
        List.of(new RunSignal(running.id(), Optional.of(urgent.id()))), q.signals.waiting(q.self));
    q.queue.settle(
        claimed,
        new Settlement.End(new TurnEvent.Cancelled(Optional.of(urgent.id()), List.of(), "")),
        0);
    assertEquals("urgent", q.queue.take().input());
    assertEquals(TurnState.CANCELLED, q.view(running.id()).state());
    assertEquals(List.of(), q.signals.waiting(q.self));
  }

  @Test
  void theSameIdempotencyKeyBecomesTheSameTurn() throws InterruptedException {
    var session = q.session("s");
    var first = q.keyed(q.turn(session, "1"), "key", "print");
    q.admit(first);

    var replay = q.admit(q.keyed(q.turn(session, "1"), "key", "print"));
    var other = q.admit(q.keyed(q.turn(session, "2"), "key", "another print"));

    assertEquals(new AdmissionResult.Replayed(first.id()), replay);
    assertEquals(new AdmissionResult.KeyReused(first.id()), other);
    assertEquals(1, q.number("select count(*) from turnout.turn"));
  }

  @Test
  void aRefusedTurnLeavesItsIdempotencyKeyFree() throws InterruptedException {
    q.open(1);
    var session = q.session("s");
    q.admit(q.turn(session, "1"));
    q.admit(q.with(q.keyed(q.turn(session, "2"), "key", "p"), BusyMode.REJECT, 100));
    q.succeed(q.queue.take(), "done");

    var again = q.admit(q.keyed(q.turn(session, "2"), "key", "p"));

    assertInstanceOf(AdmissionResult.Admitted.class, again);
  }

  @Test
  void aDelayedTurnTakesItsPlaceOnlyWhenItIsDue() throws InterruptedException {
    q.open(1);
    var session = q.session("s");
    var delayed =
        q.timed(
            q.turn(session, "later"),
            Optional.of(clock.instant().plusSeconds(60)),
            Optional.empty());
    q.admit(delayed);
    q.admit(q.turn(session, "now"));
    q.succeed(q.queue.take(), "done");
    assertFalse(q.timers.runOnce());
    assertEquals(TurnState.QUEUED, q.view(delayed.id()).state());

    clock.advance(Duration.ofSeconds(61));
    assertTrue(q.timers.runOnce());

    assertEquals("later", q.queue.take().input());
  }

  @Test
  void aTurnThatDidNotStartInTimeExpires() throws InterruptedException {
    q.open(1);
    var session = q.session("s");
    q.admit(q.turn(session, "running"));
    var claimed = q.queue.take();
    var late =
        q.timed(
            q.turn(session, "late"), Optional.empty(), Optional.of(clock.instant().plusSeconds(5)));
    q.admit(late);

    clock.advance(Duration.ofSeconds(6));
    q.timers.runOnce();

    assertEquals(TurnState.EXPIRED, q.view(late.id()).state());
    assertEquals(List.of("accepted", "expired"), q.kinds(late.id()));
    assertTrue(q.succeed(claimed, "done"));
  }

  @Test
  void aWaitingTurnIsCancelledAtOnceAndTheNextOneRuns() throws InterruptedException {
    q.open(1);
    var session = q.session("s");
    q.admit(q.turn(session, "1"));
    var claimed = q.queue.take();
    var second = q.turn(session, "2");
    q.admit(second);
    q.admit(q.turn(session, "3"));

    assertEquals(new CancelResult.Ended(), q.queue.cancel(second.id()));

    assertEquals(new CancelResult.AlreadyOver(), q.queue.cancel(second.id()));
    q.succeed(claimed, "done");
    assertEquals("3", q.queue.take().input());
  }

  @Test
  void cancellingTheLastWaitingTurnOfAReadySessionMakesItIdle() throws InterruptedException {
    var turn = q.turn(q.session("s"), "1");
    q.admit(turn);

    q.queue.cancel(turn.id());

    assertEquals(0, q.number("select count(*) from turnout.ready"));
    assertEquals(0, q.number("select state from turnout.session_line"));
  }

  @Test
  void aMoreUrgentTurnPullsItsWholeSessionForward() throws InterruptedException {
    var calm = q.session("calm");
    var pressing = q.session("pressing");
    q.admit(q.turn(calm, "calm"));
    q.admit(q.turn(pressing, "first"));
    q.admit(q.urgent(q.turn(pressing, "urgent"), 50));

    q.open(1);

    assertEquals("first", q.queue.take().input());
  }

  @Test
  void aTurnThatIsGivenBackRunsAgainWithoutACountedStart() throws InterruptedException {
    q.open(1);
    q.admit(q.turn(q.session("s"), "1"));
    var claimed = q.queue.take();
    q.queue.settle(claimed, new Settlement.GiveBack(new TurnEvent.GivenBack("drain")), 0);

    var again = q.queue.take();

    assertEquals(1, again.runs());
    assertEquals(claimed.run().turn(), again.run().turn());
  }

  @Test
  void concurrentCallersAreAllAdmittedAndKeepTheirSessionsOrder() throws Exception {
    q.open(4);
    int callers = 64;
    int each = 20;
    var threads = new java.util.ArrayList<Thread>();
    for (int i = 0; i < callers; i++) {
      var session = q.session("s" + i);
      threads.add(
          Thread.startVirtualThread(
              () -> {
                for (int n = 0; n < each; n++) {
                  try {
                    q.admit(q.turn(session, Integer.toString(n)));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }
              }));
    }
    var next = new java.util.HashMap<Long, Integer>();

    for (int i = 0; i < callers * each; i++) {
      var claimed = q.queue.take();
      var session = claimed.run().session().value();
      int expected = next.merge(session, 1, Integer::sum) - 1;
      assertEquals(Integer.toString(expected), claimed.input());
      q.succeed(claimed, "done");
    }
    for (var thread : threads) {
      thread.join();
    }

    assertEquals(callers, next.size());
  }
}
