package dev.turnout.livesession;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.turnout.livesession.LiveState.Event;
import dev.turnout.settings.LiveSettings;
import dev.turnout.turn.TurnId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every state with every event, and the rule of when a process has served its time. */
class LiveStateTest {
  private static final Instant BEFORE = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = BEFORE.plusSeconds(60);
  private static final TurnId TURN = new TurnId(UUID.randomUUID());

  private static final LiveState STARTING = new LiveState.Starting(TURN, BEFORE);
  private static final LiveState READY = new LiveState.Ready(BEFORE);
  private static final LiveState BUSY = new LiveState.Busy(TURN, BEFORE);
  private static final LiveState DRAINING =
      new LiveState.Draining(TURN, CloseReason.MAX_AGE, BEFORE);
  private static final LiveState CLOSED = new LiveState.Closed(CloseReason.IDLE, BEFORE);

  private static final LiveState NOW_READY = new LiveState.Ready(NOW);
  private static final LiveState NOW_BUSY = new LiveState.Busy(TURN, NOW);
  private static final LiveState NOW_DRAINING =
      new LiveState.Draining(TURN, CloseReason.RECYCLED, NOW);

  private static LiveState closed(CloseReason why) {
    return new LiveState.Closed(why, NOW);
  }

  /** A row: what each state becomes; null where it cannot happen. */
  private record Row(
      Event event,
      @Nullable LiveState starting,
      @Nullable LiveState ready,
      @Nullable LiveState busy,
      @Nullable LiveState draining,
      @Nullable LiveState closed) {}

  private static final List<Row> TABLE =
      List.of(
          new Row(new Event.BecameReady(), NOW_BUSY, null, null, DRAINING, CLOSED),
          new Row(new Event.Took(TURN), null, NOW_BUSY, null, null, null),
          new Row(new Event.Finished(), null, null, NOW_READY, closed(CloseReason.MAX_AGE), CLOSED),
          new Row(
              new Event.Retire(CloseReason.RECYCLED),
              NOW_DRAINING,
              closed(CloseReason.RECYCLED),
              NOW_DRAINING,
              DRAINING,
              CLOSED),
          new Row(
              new Event.End(CloseReason.SHUTDOWN),
              closed(CloseReason.SHUTDOWN),
              closed(CloseReason.SHUTDOWN),
              closed(CloseReason.SHUTDOWN),
              closed(CloseReason.SHUTDOWN),
              CLOSED));

  @TestFactory
  Stream<DynamicTest> eachEventDoesWhatTheTableSays() {
    return TABLE.stream()
        .flatMap(
            row ->
                Stream.of(
                    test(STARTING, row.event, row.starting),
                    test(READY, row.event, row.ready),
                    test(BUSY, row.event, row.busy),
                    test(DRAINING, row.event, row.draining),
                    test(CLOSED, row.event, row.closed)));
  }

  private static DynamicTest test(LiveState from, Event event, @Nullable LiveState to) {
    return dynamicTest(
        from.code() + " " + event.getClass().getSimpleName(),
        () -> {
          if (to == null) {
            assertThrows(IllegalStateException.class, () -> from.after(event, NOW));
          } else {
            assertEquals(to, from.after(event, NOW));
          }
        });
  }

  @Test
  void whatWasStartedAheadServesOnceItWasGreetedAndAdopted() {
    var started = new LiveState.Warm(false, BEFORE);
    var greeted = started.after(new Event.BecameReady(), NOW);

    assertEquals(new LiveState.Warm(true, NOW), greeted);
    assertEquals(new LiveState.Ready(NOW), greeted.after(new Event.Adopted(), NOW));
    assertEquals(
        closed(CloseReason.STALE), greeted.after(new Event.Retire(CloseReason.STALE), NOW));
    assertEquals(
        closed(CloseReason.EVICTED), started.after(new Event.End(CloseReason.EVICTED), NOW));
    assertThrows(IllegalStateException.class, () -> started.after(new Event.Adopted(), NOW));
    assertThrows(IllegalStateException.class, () -> READY.after(new Event.Adopted(), NOW));
    assertThrows(IllegalStateException.class, () -> greeted.after(new Event.Finished(), NOW));
  }

  @Test
  void whatWaitsForASessionIsNotIdleAndStillGrowsOld() {
    var warm = new LiveState.Warm(true, BEFORE);

    assertEquals(Optional.empty(), due(warm, Duration.ofMinutes(9), 0));
    assertEquals(Optional.of(CloseReason.MAX_AGE), due(warm, Duration.ofMinutes(10), 0));
  }

  private static Optional<CloseReason> due(LiveState state, Duration age, int turns) {
    var settings = new LiveSettings(true, Duration.ofSeconds(60), Duration.ofMinutes(10), 5, 1);
    return Upkeep.due(state, NOW.minus(age), turns, settings, NOW);
  }

  @Test
  void idleCountsFromTheLastTurnAndOnlyWhileItWaits() {
    var minute = Duration.ofMinutes(1);

    assertEquals(Optional.of(CloseReason.IDLE), due(READY, minute, 1));
    assertEquals(Optional.empty(), due(new LiveState.Ready(BEFORE.plusMillis(1)), minute, 1));
    assertEquals(Optional.empty(), due(BUSY, minute, 1));
  }

  @Test
  void ageAndTurnsAreReachedAtTheirLimit() {
    var ready = new LiveState.Ready(NOW);

    assertEquals(Optional.of(CloseReason.MAX_AGE), due(ready, Duration.ofMinutes(10), 1));
    assertEquals(Optional.empty(), due(ready, Duration.ofMinutes(10).minusMillis(1), 1));
    assertEquals(Optional.of(CloseReason.MAX_TURNS), due(ready, Duration.ZERO, 5));
    assertEquals(Optional.empty(), due(ready, Duration.ZERO, 4));
  }

  @Test
  void whoGoesAlreadyIsNotToldAgain() {
    assertEquals(Optional.empty(), due(DRAINING, Duration.ofDays(1), 9));
    assertEquals(Optional.empty(), due(CLOSED, Duration.ofDays(1), 9));
  }

  @Test
  void everyReasonHasACodeOfItsOwn() {
    var codes = Arrays.stream(CloseReason.values()).map(CloseReason::code).distinct().count();

    assertEquals(CloseReason.values().length, codes);
  }
}
