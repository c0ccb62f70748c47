package dev.turnout.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.events.TurnEvent;
import dev.turnout.testing.QueueFixture;
import dev.turnout.testing.SettableClock;
import dev.turnout.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two replicas on one database, one of which is taken for dead. */
@Timeout(60)
class FencingIT {
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

  private ClaimedTurn runAndDie() throws InterruptedException {
    first.open(1);
    first.admit(first.turn(first.session("s"), "work"));
    var claimed = first.queue.take();
    first.queue.pause();
    first.execute(
        "update turnout.replica set lease_until = now() - interval '1 second' where id = "
            + first.self.id());
    return claimed;
  }

  @Test
  void aDeadReplicasTurnRunsAgainElsewhereAsASecondRun() throws InterruptedException {
    runAndDie();
    second.open(1);

    assertEquals(1, second.replicas.rescueOverdue());
    second.queue.sessionsBecameReady();

    assertEquals(2, second.queue.take().runs());
  }

  @Test
  void onlyOneRescuerTakesADeadReplicasTurns() throws InterruptedException {
    runAndDie();

    assertEquals(1, second.replicas.rescueOverdue());
    assertEquals(0, second.replicas.rescueOverdue());
  }

  @Test
  void aReplicaThatRenewsIsNotRescued() throws InterruptedException {
    first.open(1);
    first.admit(first.turn(first.session("s"), "work"));
    var claimed = first.queue.take();

    assertEquals(0, second.replicas.rescueOverdue());

    assertTrue(first.succeed(claimed, "done"));
  }

  @Test
  void aRunThatLostItsHoldCannotEndItsTurn() throws InterruptedException {
    var zombie = runAndDie();
    second.open(1);
    second.replicas.rescueOverdue();
    second.queue.sessionsBecameReady();
    var rightful = second.queue.take();

    assertFalse(first.succeed(zombie, "from the grave"));
    assertTrue(second.succeed(rightful, "alive"));

    var last = second.view(rightful.run().turn()).last().orElseThrow().event();
    assertEquals("alive", ((TurnEvent.Succeeded) last).answer().text());
  }

  @Test
  void aRunThatLostItsHoldCannotWriteEvents() throws InterruptedException {
    var zombie = runAndDie();
    assertTrue(first.events.append(zombie.run(), new TurnEvent.Output("before "), true).await());
    second.open(1);
    second.replicas.rescueOverdue();
    second.queue.sessionsBecameReady();
    var rightful = second.queue.take();

    assertFalse(first.events.append(zombie.run(), new TurnEvent.Output("after"), true).await());
    second.events.append(rightful.run(), new TurnEvent.Started(2, 1), true).await();
    second.succeed(rightful, "done");

    assertEquals(
        List.of("accepted", "output", "started", "succeeded"), second.kinds(rightful.run().turn()));
    assertEquals(
        List.of(1, 2, 3, 4),
        second.stored(rightful.run().turn()).stream().map(e -> e.n()).toList());
  }

  @Test
  void aReplicaThatWasRescuedHearsItWhenItRenews() throws InterruptedException {
    runAndDie();
    second.replicas.rescueOverdue();

    assertFalse(first.replicas.renew(first.self, java.time.Duration.ofSeconds(10)));
  }

  @Test
  void aNewStartOnTheSameHomeTakesItsPredecessorsTurnsWithoutWaiting() throws InterruptedException {
    first.open(1);
    first.admit(first.turn(first.session("s"), "work"));
    first.queue.take();
    first.queue.pause();

    var reborn =
        second.replicas.register(first.self.home(), "test", 2, java.time.Duration.ofMinutes(5));

    assertEquals(1, second.replicas.rescuePredecessors(reborn));
  }
}
