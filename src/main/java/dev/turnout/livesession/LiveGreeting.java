package dev.turnout.livesession;

/** How a process is found to be ready before its first turn. */
public interface LiveGreeting {
  /** What it is told first; may be empty. */
  String text();

  /** Whether this line says that it is ready. */
  boolean isReady(String line);

  /** Whether this line says that it never will be. */
  default boolean isRefusal(String line) {
    return false;
  }
}
