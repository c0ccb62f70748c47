package dev.turnout.queue;

import dev.turnout.events.TurnEvent;
import dev.turnout.turn.TurnState;

/** How a run ends. */
public sealed interface Settlement {
  TurnEvent event();

  /** The turn is over. {@code event} is its terminal event. */
  record End(TurnEvent event) implements Settlement {
    public End {
      if (event.end().isEmpty()) {
        throw new IllegalArgumentException("not a terminal event: " + event);
      }
    }

    TurnState state() {
      return event.end().orElseThrow();
    }
  }

  /** The turn goes back to the head of its line, as if it had not been started. */
  record GiveBack(TurnEvent.GivenBack event) implements Settlement {}
}
