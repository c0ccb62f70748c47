package dev.turnout.identity;

import java.time.Instant;

/** What became of the wish for a new text of a key. */
public sealed interface KeyRotation {
  /**
   * It has one.
   *
   * @param formerUntil when the text before it ends
   */
  record Rotated(ApiKeys.Made made, Instant formerUntil) implements KeyRotation {}

  /** The key was revoked or has expired: a new text would not open either. */
  record Ended(Instant at) implements KeyRotation {}

  /** Nobody made such a key. */
  record Unknown() implements KeyRotation {}
}
