package dev.turnout.queue;

import dev.turnout.turn.TurnId;

/** What became of the wish to delete a session. */
public sealed interface DeleteResult {
  /** It is gone. */
  record Deleted() implements DeleteResult {}

  /** A turn of it still runs, and has been told to end; what waited has been cancelled. */
  record Running(TurnId turn) implements DeleteResult {}
}
