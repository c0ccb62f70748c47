package dev.turnout.events;

import java.time.Instant;

/**
 * An event as it stands in the log.
 *
 * @param n its number in its turn: 1, 2, 3 … without a gap
 * @param json its components, as {@link TurnEventJson} wrote them
 */
public record StoredEvent(int n, String kind, Instant at, String json) {
  public TurnEvent event() {
    return TurnEventJson.read(kind, json);
  }
}
