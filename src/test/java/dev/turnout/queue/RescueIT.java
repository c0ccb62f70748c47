package dev.turnout.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.turnout.events.TurnEvent;
import dev.turnout.testing.Patience;
import dev.turnout.testing.QueueFixture;
import dev.turnout.testing.SettableClock;
import dev.turnout.testing.TestDatabase;
import dev.turnout.turn.BusyMode;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a rescue must not miss: late claims, second rescuers, and what callers were promised. */
@Timeout(60)
class RescueIT {
  private QueueFixture first;
  private QueueFixture second;

  @BeforeEach
  void start() {
    var database = TestDatabase.migrated();
    first = new QueueFixture(database, new SettableClock());
    second = new QueueFixture(database, new SettableClock());
  }

  @AfterEach
  void endsWithoutViolations() {
    assertEquals(List.of(), second.violations());
    first.close();
    second.close();
    second.database.close();
  }

  private void letLeaseRunOut() {
    first.execute(
        "update turnout.replica set lease_until = now() - interval '1 second' where id = "
            + first.self.id());
  }

  private TurnId claimed(SessionId session, String input) throws InterruptedException {
    var turn = first.turn(session, input);
    first.admit(turn);
    assertEquals(turn.id(), first.queue.take().run().turn());
    return turn.id();
  }

  private Connection locked(SessionId session) throws SQLException {
    var blocker = first.database.dataSource("").getConnection();
    blocker.setAutoCommit(false);
    try (var statement = blocker.createStatement()) {
      statement.execute(
          "select 1 from turnout.session_line where session_id = "
              + session.value()
              + " for update");
    }
    return blocker;
  }

  private void awaitBlocked(int statements) {
    Patience.await()
        .until(
            () ->
                second.number(
                        """
                        select count(*) from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock'
                        """)
                    == statements);
  }

  private static <T> FutureTask<T> begun(Callable<T> work) {
    var task = new FutureTask<>(work);
    Thread.startVirtualThread(task);
    return task;
  }

  @Test
  void claimUnderAnIdThatWasRescuedBeforeIsTakenBackToo() throws InterruptedException {
    first.open(1);
    letLeaseRunOut();
    second.replicas.rescueOverdue();
    var late = claimed(first.session("s"), "late");

    assertEquals(List.of("1 × running line of no replica"), second.violations());
    assertEquals(1, second.replicas.rescueOverdue());

    second.open(1);
    assertEquals(late, second.queue.take().run().turn());
    assertEquals(0, second.replicas.rescueOverdue());
  }

  @Test
  void claimThatIsCommittedDuringARescueIsFoundByTheNext() throws Exception {
    first.open(2);
    var early = first.session("early");
    claimed(early, "early");
    letLeaseRunOut();
    try (var blocker = locked(early)) {
      var rescue = begun(second.replicas::rescueOverdue);
      awaitBlocked(1);
      claimed(first.session("late"), "late");
      blocker.rollback();

      assertEquals(1, rescue.get());
    }

    assertEquals(1, second.replicas.rescueOverdue());
    assertEquals(2, second.number("select count(*) from turnout.ready"));
  }

  @Test
  void twoRescuersOfAReplicaThatIsGoneRescueItOnce() throws Exception {
    first.open(1);
    letLeaseRunOut();
    second.replicas.rescueOverdue();
    var session = first.session("s");
    claimed(session, "late");
    var rescues = new ArrayList<FutureTask<Integer>>();
    try (var blocker = locked(session)) {
      rescues.add(begun(first.replicas::rescueOverdue));
      rescues.add(begun(second.replicas::rescueOverdue));
      awaitBlocked(2);
      blocker.rollback();

      assertEquals(1, rescues.getFirst().get() + rescues.getLast().get());
    }

    assertEquals(2, second.number("select epoch from turnout.session_line"));
  }

  @Test
  void cancelOfATurnWhoseReplicaIsDeadEndsItAtTheRescue() throws InterruptedException {
    first.open(1);
    var session = first.session("s");
    var head = claimed(session, "head");
    var next = first.turn(session, "next");
    first.admit(next);
    assertEquals(new CancelResult.Signalled(), second.queue.cancel(head));

    letLeaseRunOut();
    second.replicas.rescueOverdue();

    assertEquals(TurnState.CANCELLED, second.view(head).state());
    second.open(1);
    assertEquals(next.id(), second.queue.take().run().turn());
    assertEquals(0, second.number("select count(*) from turnout.run_signal"));
  }

  @Test
  void interruptOfATurnWhoseReplicaIsDeadEndsItAtTheRescue() throws InterruptedException {
    first.open(1);
    var session = first.session("s");
    var head = claimed(session, "head");
    var urgent = second.with(second.turn(session, "urgent"), BusyMode.INTERRUPT, 1);
    second.admit(urgent);

    letLeaseRunOut();
    second.replicas.rescueOverdue();

    assertEquals(
        new TurnEvent.Cancelled(Optional.of(urgent.id()), List.of(), ""),
        second.view(head).last().orElseThrow().event());
    second.open(1);
    assertEquals(urgent.id(), second.queue.take().run().turn());
  }

  @Test
  void cancelThatComesBeforeARunIsGivenBackEndsItsTurn() throws InterruptedException {
    first.open(1);
    var turn = first.turn(first.session("s"), "work");
    first.admit(turn);
    var run = first.queue.take();
    second.queue.cancel(turn.id());

    first.queue.settle(run, new Settlement.GiveBack(new TurnEvent.GivenBack("drain")), 0);

    assertEquals(TurnState.CANCELLED, second.view(turn.id()).state());
    assertEquals(List.of("accepted", "given_back", "cancelled"), second.kinds(turn.id()));
    assertEquals(0, second.number("select count(*) from turnout.run_signal"));
    assertEquals(0, first.queue.held());
  }

  @Test
  void endOfARunOfAnEarlierIncarnationTouchesNotWhatRunsNow() throws InterruptedException {
    first.open(1);
    var turn = first.turn(first.session("s"), "work");
    first.admit(turn);
    var old = first.queue.take();
    first.queue.pause();
    first.self = first.replicas.register(first.self.home(), "test", 1, Duration.ofMinutes(5));
    first.replicas.rescuePredecessors(first.self);
    first.open(1);
    assertEquals(turn.id(), first.queue.take().run().turn());

    assertFalse(first.succeed(old, "from the grave"));

    assertEquals(1, first.queue.held());
  }

  @Test
  void stepThatIsUnderWayWhileAReplicaJoinsAnewLeavesItsLanesAsWideAsTheyAre() throws Exception {
    try (var blocker = first.database.dataSource("").getConnection()) {
      blocker.setAutoCommit(false);
      try (var statement = blocker.createStatement()) {
        statement.execute("lock table turnout.ready in access exclusive mode");
      }
      first.open(1);
      awaitBlocked(1);
      first.self = first.replicas.register(first.self.home(), "test", 1, Duration.ofMinutes(5));
      first.open(1);
      blocker.rollback();
      awaitBlocked(0);
    }
    // One pump takes all steps: when this end is written, the step that waited is over.
    first.admit(first.turn(first.session("zero"), "zero"));
    first.succeed(first.queue.take(), "done");

    first.admit(first.turn(first.session("one"), "one"));
    first.queue.take();
    first.admit(first.turn(first.session("two"), "two"));

    assertEquals(1, second.number("select count(*) from turnout.session_line where state = 2"));
  }
}
