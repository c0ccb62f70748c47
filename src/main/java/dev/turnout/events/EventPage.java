package dev.turnout.events;

import java.util.List;

/**
 * Some events of a turn, in order.
 *
 * @param more whether the log may have others behind them
 */
public record EventPage(List<StoredEvent> events, boolean more) {
  public EventPage {
    events = List.copyOf(events);
  }
}
