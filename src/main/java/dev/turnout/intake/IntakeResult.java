package dev.turnout.intake;

import dev.turnout.queue.TurnView;
import dev.turnout.turn.TurnId;

/** What became of a submission. */
public sealed interface IntakeResult {
  /** Accepted, and on disk. */
  record Accepted(TurnView turn) implements IntakeResult {}

  /** The same request was accepted before. */
  record Replayed(TurnView turn) implements IntakeResult {}

  /** The idempotency key was used for another request. */
  record KeyReused(TurnId by) implements IntakeResult {}

  /** The session is busy, and the mode is {@code reject}. */
  record Busy() implements IntakeResult {}

  /** The turn was accepted, and deleted with its session before we could tell of it. */
  record Deleted() implements IntakeResult {}

  /** As many turns wait in this session as may. */
  record Full(int cap) implements IntakeResult {}

  /**
   * A field does not hold.
   *
   * @param field its JSON pointer in the body, such as {@code /agent}
   * @param why the end of a sentence that begins with the field
   */
  record Invalid(String field, String why) implements IntakeResult {}
}
