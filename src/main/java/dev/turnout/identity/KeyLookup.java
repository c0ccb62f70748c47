package dev.turnout.identity;

import java.time.Instant;

/** What a shown key is worth. */
public sealed interface KeyLookup {
  /** It opens. */
  record Valid(Caller caller) implements KeyLookup {}

  /** It was revoked or has expired; telling its holder which helps nobody else. */
  record Ended(Instant at) implements KeyLookup {}

  /** Nobody made such a key. */
  record Unknown() implements KeyLookup {}
}
