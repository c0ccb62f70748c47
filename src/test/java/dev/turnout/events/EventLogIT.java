package dev.turnout.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.queue.ClaimedTurn;
import dev.turnout.testing.QueueFixture;
import dev.turnout.testing.SettableClock;
import dev.turnout.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The log, read a page at a time. */
@Timeout(120)
class EventLogIT {
  private QueueFixture replica;
  private ClaimedTurn claimed;

  @BeforeEach
  void run() throws InterruptedException, SQLException {
    replica = new QueueFixture(TestDatabase.migrated(), new SettableClock());
    replica.open(1);
    replica.admit(replica.turn(replica.session("s"), "work"));
    claimed = replica.queue.take();
  }

  @AfterEach
  void stop() {
    replica.close();
    replica.database.close();
  }

  private void append(int times, String notice) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      replica.events.append(claimed.run(), new TurnEvent.Notice(notice), false);
    }
    replica.events.flush(claimed.run());
  }

  @Test
  void longEventsMakeAShortPageAndNoneIsMissed() throws InterruptedException {
    append(10, "x".repeat(100_000));

    var first = replica.events.read(claimed.run().turn(), 0);

    assertTrue(first.more());
    assertEquals(4, first.events().size(), "accepted, and three of 100 kB");
    assertEquals(IntStream.rangeClosed(1, 11).boxed().toList(), numbers());
  }

  @Test
  void anEventLongerThanAPageComesAlone() throws InterruptedException {
    append(2, "x".repeat(1_000_000));

    var page = replica.events.read(claimed.run().turn(), 2);

    assertEquals(1, page.events().size());
    assertTrue(page.more());
  }

  @Test
  void shortEventsComeFiveHundredAtATime() throws InterruptedException {
    append(600, "x");

    var page = replica.events.read(claimed.run().turn(), 1);

    assertEquals(500, page.events().size());
    assertTrue(page.more());
    assertFalse(replica.events.read(claimed.run().turn(), 501).more());
    assertEquals(601, numbers().size());
  }

  private List<Integer> numbers() {
    return replica.stored(claimed.run().turn()).stream().map(StoredEvent::n).toList();
  }
}
