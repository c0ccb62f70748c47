package dev.turnout.livesession;

/** How a process is found to be ready before its first turn. */
public interface LiveGreeting {
  /** What it is told first; may be empty. */
  String text();

  /** What this line says of it; each line is judged once, until one has decided. */
  Verdict of(String line);

  /** Whether a process can have its turn. */
  enum Verdict {
    /** The line says nothing of it. */
    OPEN,
    READY,
    /** It never will be ready. */
    REFUSED
  }
}
