package dev.turnout.events;

import dev.turnout.turn.TurnState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An event as it stands in the log.
 *
 * @param n its number in its turn: 1, 2, 3 … without a gap
 * @param json its components, as {@link TurnEventJson} wrote them
 */
public record StoredEvent(int n, String kind, Instant at, String json) {
  /** An ending event has the name of the state that it ends the turn in. */
  private static final Set<String> ENDS =
      Arrays.stream(TurnState.values())
          .filter(TurnState::isTerminal)
          .map(TurnState::code)
          .collect(Collectors.toUnmodifiableSet());

  /** As the log will have it, which counts in microseconds. */
  public static StoredEvent of(int n, String kind, String json, Instant at) {
    return new StoredEvent(n, kind, at.truncatedTo(ChronoUnit.MICROS), json);
  }

  /** Whether no other event follows. */
  public boolean isEnd() {
    return ENDS.contains(kind);
  }

  public TurnEvent event() {
    return TurnEventJson.read(kind, json);
  }
}
