package dev.turnout.queue;

import dev.turnout.turn.LaneId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many more sessions this process may run, by lane. Counters in memory: the width of a lane is
 * a width per replica. A session that goes on with its next turn keeps the permit it has, even when
 * that turn is of another lane: the exchange would cost a round trip and even out anyway.
 *
 * <p>Permits are those of one incarnation of the replica. What an earlier one had taken is
 * nobody's, and comes back to nobody: the lanes are as wide as ever for the new one already.
 */
final class Permits {
  private final Map<LaneId, Integer> free = new LinkedHashMap<>();
  private Map<LaneId, Integer> widths = Map.of();
  private int incarnation;
  private boolean open;

  /** Sets the widths for this incarnation, which runs nothing yet. */
  synchronized void open(Map<LaneId, Integer> widths, int replica) {
    incarnation = replica;
    free.clear();
    free.putAll(widths);
    this.widths = Map.copyOf(widths);
    open = true;
  }

  /**
   * Sets other widths while sessions run. Nothing that runs is touched: a lane that is narrower
   * than what it runs owes permits, and takes none until enough have come back.
   */
  synchronized void resize(Map<LaneId, Integer> widths) {
    var lanes = new HashSet<>(this.widths.keySet());
    lanes.addAll(widths.keySet());
    for (var lane : lanes) {
      int more = widths.getOrDefault(lane, 0) - this.widths.getOrDefault(lane, 0);
      free.merge(lane, more, Integer::sum);
    }
    this.widths = Map.copyOf(widths);
  }

  /** Nothing more is handed out; what is out may come back. */
  synchronized void close() {
    open = false;
  }

  synchronized boolean isOpen() {
    return open;
  }

  synchronized boolean hasFree() {
    return open && free.values().stream().anyMatch(count -> count > 0);
  }

  synchronized boolean take(LaneId lane, int replica) {
    return take(lane, 1, replica) == 1;
  }

  /** Takes up to {@code most} and says how many it got. */
  synchronized int take(LaneId lane, int most, int replica) {
    int got = open && replica == incarnation ? Math.clamp(free.getOrDefault(lane, 0), 0, most) : 0;
    if (got > 0) {
      free.merge(lane, -got, Integer::sum);
    }
    return got;
  }

  synchronized void giveBack(LaneId lane, int count, int replica) {
    if (count != 0 && replica == incarnation) {
      free.merge(lane, count, Integer::sum);
    }
  }

  /** The lanes that still have room, with how much. */
  synchronized Map<LaneId, Integer> free() {
    return open ? Map.copyOf(free) : Map.of();
  }
}
