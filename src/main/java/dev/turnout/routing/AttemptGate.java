package dev.turnout.routing;

/** Surrounds each attempt, so that who runs the turn knows when it may be broken off. */
public interface AttemptGate {
  /** Before an attempt; false when none is to be made any more. */
  boolean enter();

  /** After it, whatever it came to. */
  void leave();
}
