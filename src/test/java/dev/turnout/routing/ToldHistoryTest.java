package dev.turnout.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.events.TurnEvent;
import dev.turnout.turn.Exchange;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ToldHistoryTest {
  /** Eight bytes each: a letter with an accent is two. */
  private static final List<Exchange> THREE =
      List.of(
          new Exchange("one", "first"),
          new Exchange("two", "se\u00e7d"),
          new Exchange("333", "3rd33"));

  @Test
  void newestTurnsThatFitAreToldWholeAndInOrder() {
    assertEquals(new ToldHistory(THREE, 0), ToldHistory.within(THREE, 24));
    assertEquals(new ToldHistory(THREE.subList(1, 3), 1), ToldHistory.within(THREE, 23));
    assertEquals(new ToldHistory(THREE.subList(2, 3), 2), ToldHistory.within(THREE, 8));
    assertEquals(new ToldHistory(List.of(), 3), ToldHistory.within(THREE, 7));
    assertEquals(new ToldHistory(List.of(), 3), ToldHistory.within(THREE, 0));
  }

  @Test
  void turnBeforeOneThatDoesNotFitIsNotTold() {
    var middle = new Exchange("x".repeat(100), "");

    var told = ToldHistory.within(List.of(THREE.get(0), middle, THREE.get(2)), 50);

    assertEquals(new ToldHistory(List.of(THREE.get(2)), 2), told);
  }

  @Test
  void whoReadsAlongHearsOfALossAndOfWhatIsLeftOut() {
    assertEquals(Optional.empty(), new ToldHistory(THREE, 0).notice(false));
    assertEquals(
        Optional.of(
            new TurnEvent.Notice(
                "the backend has lost the conversation, and is told it anew: 3 earlier turns")),
        new ToldHistory(THREE, 0).notice(true));
    assertEquals(
        Optional.of(
            new TurnEvent.Notice(
                "the backend is told 1 earlier turn; older ones left out by max-history-bytes: 2")),
        new ToldHistory(THREE.subList(2, 3), 2).notice(false));
  }
}
