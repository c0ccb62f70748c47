package dev.turnout.routing;

/** What an attempt left behind before it failed, from nothing to the worst. */
enum Traces {
  NONE,
  /** Somebody may have read what it said. */
  OUTPUT,
  /** Its tools may have acted on the world. */
  TOOLS;

  Traces and(Traces other) {
    return compareTo(other) < 0 ? other : this;
  }
}
