package dev.turnout.process;

/** Signals that Java has no method for, to one process. */
public final class ProcessSignals {
  private static final int INT = 2;
  private static final int QUIT = 3;

  private ProcessSignals() {}

  /** SIGINT; false when there is no such process. */
  public static boolean interrupt(long pid) {
    return Signals.toProcess(pid, INT);
  }

  /** SIGQUIT; false when there is no such process. */
  public static boolean quit(long pid) {
    return Signals.toProcess(pid, QUIT);
  }
}
