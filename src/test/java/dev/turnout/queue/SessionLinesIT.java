package dev.turnout.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.events.TurnEvent;
import dev.turnout.testing.QueueFixture;
import dev.turnout.testing.SettableClock;
import dev.turnout.testing.TestDatabase;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Moves of a whole line, against a real Postgres. */
@Timeout(60)
class SessionLinesIT {
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

  private NewTurn delayed(SessionId session) {
    return q.timed(
        q.turn(session, "later"),
        Optional.of(clock.instant().plusSeconds(60)),
        Optional.of(clock.instant().plusSeconds(90)));
  }

  private static Settlement cancelled() {
    return new Settlement.End(new TurnEvent.Cancelled(Optional.empty(), List.of(), ""));
  }

  @Test
  void anAbortEndsWhatWaitsAndTellsWhatRuns() throws InterruptedException {
    q.open(1);
    var session = q.session("s");
    var running = q.turn(session, "running");
    var waiting = q.turn(session, "waiting");
    var later = delayed(session);
    q.admit(running);
    var claimed = q.queue.take();
    q.admit(waiting);
    q.admit(later);

    assertEquals(3, q.lines.abort(session));

    assertEquals(List.of(new RunSignal(running.id(), Optional.empty())), q.signals.waiting(q.self));
    for (var turn : List.of(waiting, later)) {
      assertEquals(TurnState.CANCELLED, q.view(turn.id()).state());
      assertEquals(List.of("accepted", "cancelled"), q.kinds(turn.id()));
    }
    assertTrue(q.queue.settle(claimed, cancelled(), 0));
    assertEquals(0, q.lines.abort(session));
    q.admit(q.turn(session, "next"));
    assertEquals("next", q.queue.take().input());
  }

  @Test
  void anAbortOfASessionThatWaitsForAPlaceTakesItOutOfTheLine() throws InterruptedException {
    var session = q.session("s");
    q.admit(q.turn(session, "1"));
    q.admit(q.turn(session, "2"));

    assertEquals(2, q.lines.abort(session));

    assertEquals(0, q.number("select count(*) from turnout.ready"));
    assertEquals(0, q.number("select state from turnout.session_line"));
  }

  @Test
  void aDeletedSessionLeavesNothing() throws InterruptedException {
    q.open(1);
    var session = q.session("s");
    q.admit(q.keyed(q.turn(session, "done"), "key-1", "p"));
    q.succeed(q.queue.take(), "done");
    q.queue.pause();
    q.admit(q.keyed(q.turn(session, "waiting"), "key-2", "p"));
    q.admit(delayed(session));
    q.execute("select turnout.remember(%d, 'cli', 'ref', 1, now())".formatted(session.value()));

    assertEquals(new DeleteResult.Deleted(), q.lines.delete(session));
    assertEquals(List.of(), q.history.all(QueueFixture.TENANT, Optional.empty(), 10));
    q.lines.purgeDeleted();

    for (var table :
        List.of(
            "session",
            "session_line",
            "session_backend",
            "turn",
            "turn_event",
            "turn_timer",
            "idempotency",
            "ready")) {
      assertEquals(0, q.number("select count(*) from turnout." + table), table);
    }
  }

  @Test
  void aSessionWithMoreTurnsThanOneCommitTakesIsPurgedWhole() {
    var session = q.session("s");
    q.execute(
        """
        insert into turnout.turn (id, session_id, seq, agent, lane, urgency, recovery, input, metadata, created_at)
          select gen_random_uuid(), %d, n, 'demo', 'user', 0, 'never', '', '{}', now() from generate_series(1, 1234) as n;
        update turnout.session_line set tail = 1234, done = 1234;
        insert into turnout.turn_event (turn_id, n, kind, at, data) select id, 2, 'succeeded', now(), '{}' from turnout.turn
        """
            .formatted(session.value()));
    assertEquals(new DeleteResult.Deleted(), q.lines.delete(session));

    q.lines.purgeDeleted();

    assertEquals(0, q.number("select count(*) from turnout.turn"));
    assertEquals(0, q.number("select count(*) from turnout.turn_event"));
  }

  @Test
  void aDeletedSessionLeavesOthersAlone() throws InterruptedException {
    var kept = q.session("kept");
    var turn = q.keyed(delayed(kept), "key", "p");
    q.admit(turn);
    var session = q.session("s");
    q.admit(q.turn(session, "waiting"));

    q.lines.delete(session);
    q.lines.purgeDeleted();

    assertEquals(TurnState.QUEUED, q.view(turn.id()).state());
    assertEquals(new AdmissionResult.Replayed(turn.id()), q.admit(turn));
    assertEquals(2, q.number("select count(*) from turnout.turn_timer"));
  }

  @Test
  void aSessionIsNotDeletedUnderARunningTurn() throws InterruptedException {
    q.open(1);
    var session = q.session("s");
    var running = q.turn(session, "running");
    var waiting = q.turn(session, "waiting");
    q.admit(running);
    var claimed = q.queue.take();
    q.admit(waiting);

    assertEquals(new DeleteResult.Running(running.id()), q.lines.delete(session));

    assertEquals(TurnState.RUNNING, q.view(running.id()).state());
    assertEquals(TurnState.CANCELLED, q.view(waiting.id()).state());
    assertEquals(List.of(new RunSignal(running.id(), Optional.empty())), q.signals.waiting(q.self));
    assertTrue(q.queue.settle(claimed, cancelled(), 0));
    assertEquals(new DeleteResult.Deleted(), q.lines.delete(session));
    assertEquals(0, q.queue.held());
  }

  @Test
  void aTurnOfADeletedSessionIsRefusedAndItsCompanyIsNot() throws Exception {
    var sessions = new ArrayList<SessionId>();
    var turns = new ArrayList<NewTurn>();
    for (int i = 0; i < 5; i++) {
      sessions.add(q.session("s" + i));
      turns.add(q.keyed(q.turn(sessions.get(i), "turn " + i), "key " + i, "p"));
    }
    q.lines.delete(sessions.get(0));
    q.lines.delete(sessions.get(3));
    var batch = AdmissionBatch.of(turns, new ArrayList<>());

    try (var connection = q.database.dataSource(QueueDatabase.OPTIONS).getConnection()) {
      var answer = batch.admit(connection, q.self.id(), clock.instant(), "{}");

      var placed = assertInstanceOf(AdmissionBatch.Answer.Admitted.class, answer).placed();
      assertEquals(
          List.of(-1, 1, 1, -1, 1), placed.stream().map(AdmissionBatch.Placed::accepted).toList());
      assertEquals(
          List.of(0L, 1L, 1L, 0L, 1L), placed.stream().map(AdmissionBatch.Placed::first).toList());
    }
    assertEquals(3, q.number("select count(*) from turnout.turn"));
    assertEquals(3, q.number("select count(*) from turnout.idempotency"));
    assertEquals(new AdmissionResult.NoSession(), q.admit(turns.get(3)));
  }

  @Test
  void aTimerOfADeletedTurnFiresIntoTheVoid() throws InterruptedException {
    var session = q.session("s");
    var later = delayed(session);
    q.admit(later);
    q.lines.delete(session);

    clock.advance(Duration.ofSeconds(100));

    assertFalse(q.timers.runOnce());
    assertEquals(new CancelResult.AlreadyOver(), q.queue.cancel(later.id()));
    q.lines.purgeDeleted();
  }

  @Test
  void aRunThatLostItsHoldWritesNothingIntoADeletedSession() throws InterruptedException {
    q.open(1);
    var session = q.session("s");
    q.admit(q.turn(session, "work"));
    var zombie = q.queue.take();
    q.queue.pause();
    q.execute("update turnout.replica set lease_until = now() - interval '1 second'");
    q.replicas.rescueOverdue();
    q.lines.delete(session);

    assertFalse(
        q.events.append(zombie.run(), new TurnEvent.Output("from the grave"), true).await());
    assertFalse(q.succeed(zombie, "from the grave"));
    q.execute("select turnout.remember(%d, 'cli', 'ref', 1, now())".formatted(session.value()));

    q.lines.purgeDeleted();
    assertEquals(0, q.number("select count(*) from turnout.session_backend"));
  }

  @Test
  void deletedSessionsAreToldInTheirOrder() {
    var start = new SessionLines.Deleted(new SessionId(0), Instant.EPOCH);
    var first = q.session("first");
    var second = q.session("second");
    q.lines.delete(second);
    q.lines.delete(first);

    var all = q.lines.deletedAfter(start, 10);

    assertEquals(List.of(second, first), all.stream().map(gone -> gone.session()).toList());
    assertEquals(all.subList(1, 2), q.lines.deletedAfter(all.getFirst(), 10));
  }

  @Test
  void aTurnIsNeverAcceptedIntoASessionThatIsBeingDeleted() throws Exception {
    q.open(4);
    var accepted = new AtomicInteger();
    for (int round = 0; round < 40; round++) {
      var session = q.session("s" + round);
      var callers = new ArrayList<Thread>();
      for (int i = 0; i < 6; i++) {
        callers.add(Thread.startVirtualThread(() -> admitOnce(session, accepted)));
      }
      while (q.lines.delete(session) instanceof DeleteResult.Running) {
        q.queue.settle(q.queue.take(), cancelled(), 0);
      }
      for (var caller : callers) {
        caller.join();
      }
      assertEquals(new AdmissionResult.NoSession(), q.admit(q.turn(session, "late")));
    }
    q.lines.purgeDeleted();

    assertTrue(accepted.get() > 0);
    assertEquals(0, q.number("select count(*) from turnout.turn"));
    assertEquals(0, q.number("select count(*) from turnout.idempotency"));
  }

  private void admitOnce(SessionId session, AtomicInteger accepted) {
    try {
      var key = session + " " + Thread.currentThread().threadId();
      if (q.admit(q.keyed(q.turn(session, "racing"), key, "p"))
          instanceof AdmissionResult.Admitted) {
        accepted.incrementAndGet();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
