package dev.turnout.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.turn.TurnId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TurnListenerTest {
  /** Longer than a test may take: who waits for all of it has not heard. */
  private static final Duration LONG = Duration.ofMinutes(1);

  private static final Duration NOW = Duration.ZERO;

  private final TurnBell bell = new TurnBell();
  private final TurnId turn = new TurnId(new UUID(1, 2));
  private final TurnListener listener = bell.listen(turn);

  private static StoredEvent event(int n) {
    return StoredEvent.of(n, "output", "{}", Instant.EPOCH);
  }

  private void tell(StoredEvent... events) {
    bell.tell(turn, () -> List.of(events));
  }

  @Test
  void eventsThatFollowAreHandedOnOnceAndInOrder() throws InterruptedException {
    tell(event(3), event(4));
    tell(event(5));

    assertEquals(List.of(event(3), event(4), event(5)), listener.next(2, LONG));
    assertEquals(List.of(), listener.next(5, NOW));
  }

  @Test
  void whatWasSeenInTheLogMeanwhileIsNoNews() throws InterruptedException {
    tell(event(3), event(4));

    assertEquals(List.of(event(4)), listener.next(3, LONG));
  }

  @Test
  void behindAGapTheLogIsToBeRead() throws InterruptedException {
    tell(event(4));

    assertEquals(List.of(), listener.next(2, LONG));
    tell(event(5));
    assertEquals(List.of(event(5)), listener.next(4, LONG));
  }

  @Test
  void eventsBeforeAGapAreHandedOnFirst() throws InterruptedException {
    tell(event(3), event(5));

    assertEquals(List.of(event(3)), listener.next(2, LONG));
    assertEquals(List.of(), listener.next(3, LONG));
  }

  @Test
  void ringIsHeardEvenWithEventsBeforeIt() throws InterruptedException {
    tell(event(3));
    bell.ring(turn);

    assertEquals(List.of(event(3)), listener.next(2, LONG));
    assertEquals(List.of(), listener.next(3, LONG));
  }

  @Test
  void whoDoesNotComeReadsTheLogInsteadOfFillingTheMemory() throws InterruptedException {
    tell(StoredEvent.of(3, "output", "x".repeat(100_000), Instant.EPOCH));
    tell(StoredEvent.of(4, "output", "x".repeat(100_000), Instant.EPOCH));

    assertEquals(List.of(), listener.next(2, LONG));
    IntStream.range(5, 8).forEach(n -> tell(event(n)));
    assertEquals(List.of(event(5), event(6), event(7)), listener.next(4, LONG));
  }

  @Test
  void whoWaitsForTheEndIsNotWokenByWhatComesBefore() throws InterruptedException {
    tell(event(3), event(4));
    var patience = Duration.ofMillis(50);
    long before = System.nanoTime();

    listener.awaitEnd(patience);

    assertTrue(System.nanoTime() - before >= patience.toNanos());
    tell(event(5), StoredEvent.of(6, "succeeded", "{}", Instant.EPOCH));
    listener.awaitEnd(LONG);
  }

  @Test
  void whoHasLeftIsToldNothing() {
    listener.close();

    bell.tell(
        turn,
        () -> {
          throw new AssertionError("nobody listens");
        });
  }
}
