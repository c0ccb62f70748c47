package dev.turnout.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.queue.ClaimedTurn;
import dev.turnout.testing.QueueFixture;
import dev.turnout.testing.SettableClock;
import dev.turnout.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
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
    var clock = new SettableClock();
    replica = new QueueFixture(TestDatabase.migrated(), clock);
    pump =
        new EventPump(
            new EventStore(replica.database.dataSource("")),
            replica.bell,
            clock,
            Duration.ofHours(1));
    replica.open(1);
    replica.admit(replica.turn(replica.session("s"), "work"));
    claimed = replica.queue.take();
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
