package dev.turnout.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.queue.ClaimedTurn;
import dev.turnout.testing.QueueFixture;
import dev.turnout.testing.SettableClock;
import dev.turnout.testing.TestDatabase;
import dev.turnout.turn.TurnId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When events are written. The pump under test would keep them back for an hour. */
@Timeout(60)
class EventPumpIT {
  private static final TurnEvent WORD = new TurnEvent.Output("word ");

  private QueueFixture replica;
  private EventPump pump;
  private ClaimedTurn claimed;

  @BeforeEach
  void run() throws InterruptedException {
    replica = new QueueFixture(TestDatabase.migrated(), new SettableClock());
    pump = pump(replica.bell);
    replica.open(1);
    replica.admit(replica.turn(replica.session("s"), "work"));
    claimed = replica.queue.take();
  }

  private EventPump pump(TurnBell bell) {
    return new EventPump(
        new EventStore(replica.database.dataSource("")),
        bell,
        new SettableClock(),
        Duration.ofHours(1));
  }

  @AfterEach
  void stop() {
    pump.stop();
    replica.close();
    replica.database.close();
  }

  private List<String> written() {
    return replica.stored(claimed.run().turn()).stream()
        .map(StoredEvent::json)
        .filter(json -> json.contains("word"))
        .toList();
  }

  @Test
  void whatIsToBeDurableIsWrittenAtOnceWithAllBeforeIt() throws InterruptedException {
    pump.append(claimed.run(), WORD, false);
    var durable = pump.append(claimed.run(), WORD, true);

    assertTrue(durable.await());

    assertEquals(List.of("{\"text\":\"word word \"}"), written());
  }

  @Test
  void listenersAreToldBeforeTheRunGoesOn() throws InterruptedException {
    var goneOn = new ArrayBlockingQueue<Boolean>(1);
    var bell =
        new TurnBell() {
          @Override
          public void tell(TurnId turn, Supplier<List<StoredEvent>> events) {
            goneOn.add(pump.flush(claimed.run()).isDone());
          }
        };
    pump.stop();
    pump = pump(bell);

    pump.append(claimed.run(), WORD, true).await();

    assertEquals(false, goneOn.take());
  }

  @Test
  void startIsWrittenAtOnce() throws InterruptedException {
    assertTrue(pump.append(claimed.run(), new TurnEvent.Started(1, 1), false).await());
  }

  @Test
  void whoWaitsForAllDoesNotWaitForMore() throws InterruptedException {
    pump.append(claimed.run(), WORD, false);
    pump.append(claimed.run(), WORD, false);

    pump.flush(claimed.run()).await();

    assertEquals(List.of("{\"text\":\"word word \"}"), written());
  }

  @Test
  void manyEventsAreWrittenThoughNobodyWaits() throws InterruptedException {
    EventLog.Appended last = pump.append(claimed.run(), WORD, false);
    for (int i = 1; i < 64; i++) {
      last = pump.append(claimed.run(), WORD, false);
    }

    assertTrue(last.await());

    assertEquals(List.of("{\"text\":\"" + "word ".repeat(64) + "\"}"), written());
  }
}
