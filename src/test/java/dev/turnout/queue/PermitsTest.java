package dev.turnout.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.turn.LaneId;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PermitsTest {
  private static final LaneId USER = new LaneId("user");
  private static final LaneId NIGHT = new LaneId("night");

  private static final int ME = 7;

  private final Permits permits = new Permits();

  @BeforeEach
  void open() {
    permits.open(Map.of(USER, 4), ME);
    assertEquals(3, permits.take(USER, 3, ME));
  }

  @Test
  void widerLaneHasMoreAtOnce() {
    permits.resize(Map.of(USER, 6));

    assertEquals(3, permits.take(USER, 10, ME));
  }

  @Test
  void narrowerLaneTakesNoneUntilEnoughHaveComeBack() {
    permits.resize(Map.of(USER, 1));

    assertFalse(permits.take(USER, ME));
    assertFalse(permits.hasFree());
    permits.giveBack(USER, 2, ME);
    assertFalse(permits.take(USER, ME));
    permits.giveBack(USER, 1, ME);
    assertTrue(permits.take(USER, ME));
    assertFalse(permits.take(USER, ME));
  }

  @Test
  void newLaneHasItsWidthAndARemovedOneNothing() {
    permits.resize(Map.of(NIGHT, 2));

    assertEquals(2, permits.take(NIGHT, 5, ME));
    permits.giveBack(USER, 3, ME);
    assertFalse(permits.take(USER, ME));
  }

  @Test
  void laneThatComesBackCountsWhatStillRuns() {
    permits.resize(Map.of());
    permits.resize(Map.of(USER, 4));

    assertEquals(1, permits.take(USER, 10, ME));
  }

  @Test
  void closedStaysClosed() {
    permits.close();
    permits.resize(Map.of(USER, 9));

    assertFalse(permits.take(USER, ME));
  }

  @Test
  void whatAnEarlierIncarnationTookComesBackToNobody() {
    permits.open(Map.of(USER, 4), ME + 1);
    permits.giveBack(USER, 3, ME);

    assertFalse(permits.take(USER, ME));
    assertEquals(4, permits.take(USER, 10, ME + 1));
  }
}
