package dev.turnout.process;

import java.time.Duration;

/** How the running of a process ended. Whichever it was, nothing of it is left. */
public sealed interface RunOutcome {
  /** It could not be started. */
  record NotStarted(String message) implements RunOutcome {}

  /** It ended. */
  record Ended(ExitStatus status, String stderrTail) implements RunOutcome {}

  /** It closed its stdout and lived on without a word for the idle limit; it was ended. */
  record WentSilent(String stderrTail) implements RunOutcome {}

  /** A limit on time ran out; it was ended. */
  record TimedOut(Limit limit, Duration after, String stderrTail) implements RunOutcome {
    /** Which limit. */
    public enum Limit {
      FIRST_OUTPUT,
      IDLE,
      TOTAL
    }
  }

  /** It wrote more than it may, in all or in one line; it was ended. */
  record Flooded(long limitBytes) implements RunOutcome {}

  /** The reader had enough; it was ended. */
  record Stopped() implements RunOutcome {}

  /** The calling thread was interrupted; it was ended. The thread's interrupt flag is set. */
  record Interrupted() implements RunOutcome {}
}
