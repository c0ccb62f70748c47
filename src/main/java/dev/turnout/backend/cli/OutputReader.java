package dev.turnout.backend.cli;

import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.EventSink;
import dev.turnout.process.ExitStatus;

/**
 * Reads one process's output by the manners of its dialect: events on the way, facts at the end.
 * One for each attempt; called by one thread.
 */
interface OutputReader {
  /** A line of stdout; false when nothing more is to be expected and the process may be ended. */
  boolean line(String line, EventSink sink);

  /** A piece of stdout as it came; only readers of plain text care. */
  default void piece(String text, EventSink sink) {}

  /** Whether anything came that the CLI did not say by itself before it asked its model. */
  default boolean heardOfModel() {
    return true;
  }

  /**
   * What the attempt amounts to, once the process has ended by itself or was ended after its last
   * line.
   */
  AttemptResult end(ExitStatus exit, String stderrTail);
}
