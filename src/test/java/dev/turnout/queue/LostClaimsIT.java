package dev.turnout.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.testing.LostAnswers;
import dev.turnout.testing.Patience;
import dev.turnout.testing.QueueFixture;
import dev.turnout.testing.SettableClock;
import dev.turnout.testing.TestDatabase;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Claims that were committed, and whose answer never came. */
@Timeout(60)
class LostClaimsIT {
  /** More than one look into the line takes for itself: an admission always finds a permit. */
  private static final int WIDE = 300;

  private LostAnswers line;
  private QueueFixture q;

  @BeforeEach
  void start() {
    var database = TestDatabase.migrated();
    line = new LostAnswers(database.dataSource(QueueDatabase.OPTIONS));
    q = new QueueFixture(database, new SettableClock(), line.dataSource());
  }

  @AfterEach
  void endsWithoutViolations() {
    assertEquals(List.of(), q.violations());
    q.close();
    q.database.close();
  }

  private long running() {
    return q.number("select count(*) from turnout.session_line where state = 2");
  }

  /** Looks until nothing runs that is not held; a claim that is put back is soon claimed anew. */
  private void putBack(TurnId turn) throws InterruptedException {
    var taken = new FutureTask<>(q.queue::take);
    Thread.startVirtualThread(taken);
    Patience.await()
        .until(
            () -> {
              q.queue.putBackLostClaims();
              return taken.isDone();
            });
    var claimed = taken.resultNow();
    assertEquals(turn, claimed.run().turn());
    assertEquals(1, claimed.runs());
    assertEquals(1, running());
    assertTrue(q.succeed(claimed, "done"));
  }

  private void assertWidthOfOne() throws InterruptedException {
    q.admit(q.turn(q.session("one more"), "1"));
    q.queue.take();
    q.admit(q.turn(q.session("another"), "2"));
    assertEquals(1, running());
  }

  @Test
  void aTurnThatBeganAtItsAdmissionRunsThoughItsCallerHeardOfNothing() throws InterruptedException {
    q.open(WIDE);
    var turn = q.keyed(q.turn(q.session("s"), "work"), "key", "p");
    line.loseNext("turnout.admit");
    assertThrows(StoreUnavailable.class, () -> q.admit(turn));
    var again = q.admit(q.keyed(q.turn(turn.session(), "work"), "key", "p"));
    assertInstanceOf(AdmissionResult.Replayed.class, again);

    putBack(turn.id());
  }

  @Test
  void aSessionThatWasClaimedFromTheLineRuns() throws InterruptedException {
    var turn = q.turn(q.session("s"), "work");
    q.admit(turn);
    line.loseNext("turnout.step");
    q.open(1);
    Patience.await().until(line::isLost);

    putBack(turn.id());

    assertWidthOfOne();
    // Nothing is left of the batch whose claim was lost.
    Patience.await().until(() -> q.number("select count(*) from turnout.claim_log") == 1);
  }

  @Test
  void theNextTurnOfASessionThatWentOnRuns() throws InterruptedException {
    q.open(1);
    var session = q.session("s");
    var head = q.turn(session, "head");
    q.admit(head);
    var claimed = q.queue.take();
    var next = q.turn(session, "next");
    q.admit(next);
    line.loseNext("turnout.step");

    assertFalse(q.succeed(claimed, "done"));

    assertEquals(TurnState.SUCCEEDED, q.view(head.id()).state());
    putBack(next.id());
    assertWidthOfOne();
  }

  @Test
  void aTurnThatIsCancelledWhileNobodyRunsItEndsAsCancelled() throws InterruptedException {
    q.open(WIDE);
    var turn = q.turn(q.session("s"), "work");
    line.loseNext("turnout.admit");
    assertThrows(StoreUnavailable.class, () -> q.admit(turn));
    assertEquals(new CancelResult.Signalled(), q.queue.cancel(turn.id()));

    Patience.await()
        .until(
            () -> {
              q.queue.putBackLostClaims();
              return q.view(turn.id()).state() == TurnState.CANCELLED;
            });

    assertEquals(0, q.number("select count(*) from turnout.run_signal"));
  }

  @Test
  void whatRunsIsLeftAlone() throws InterruptedException {
    q.open(WIDE);
    q.admit(q.turn(q.session("runs"), "work"));
    var runs = q.queue.take();
    var turn = q.turn(q.session("lost"), "work");
    line.loseNext("turnout.admit");
    assertThrows(StoreUnavailable.class, () -> q.admit(turn));

    for (int i = 0; i < 4; i++) {
      q.queue.putBackLostClaims();
    }

    assertEquals(turn.id(), q.queue.take().run().turn());
    assertTrue(q.succeed(runs, "done"));
  }
}
