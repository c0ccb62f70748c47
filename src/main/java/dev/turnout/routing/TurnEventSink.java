package dev.turnout.routing;

import dev.turnout.events.TurnEvent;

/** Where the events of a run go, and what they amount to so far. */
public interface TurnEventSink {
  /** May block while the log is behind. */
  void accept(TurnEvent event);

  /** How many events so far were effects: output that a caller may have read, tools that ran. */
  int effects();

  /** The output so far, shortened in the middle when it is long. */
  String partial();
}
