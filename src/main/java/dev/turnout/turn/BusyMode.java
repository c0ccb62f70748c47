package dev.turnout.turn;

import java.util.Locale;

/** What a turn asks for when its session is busy. */
public enum BusyMode {
  /** Wait behind the turns that came before. */
  FOLLOWUP,
  /** End the running turn as cancelled, drop those that wait, and run this one next. */
  INTERRUPT,
  /** Be said to the agent that works on the running turn; where that cannot be, wait. */
  STEER,
  /** Be refused at once. */
  REJECT;

  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
