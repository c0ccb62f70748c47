package dev.turnout.turn;

import java.util.Optional;

/**
 * The name that a client chose for a session, such as {@code agent:main:slack:c07:thread:17}. 1 to
 * 512 printable characters, no control characters, no white space at either end.
 */
public record SessionKey(String value) {
  /** Longest key, in UTF-16 units: the longest that still fits a B-tree entry in any encoding. */
  public static final int MAX_LENGTH = 512;

  public SessionKey {
    flaw(value)
        .ifPresent(
            flaw -> {
              throw new IllegalArgumentException("session key " + flaw);
            });
  }

  /** What is wrong with this text as a key, as the end of a sentence; empty when it is a key. */
  public static Optional<String> flaw(String value) {
    if (value.isEmpty()) {
      return Optional.of("must not be empty");
    }
    if (value.length() > MAX_LENGTH) {
      return Optional.of("must not be longer than " + MAX_LENGTH + " characters");
    }
    if (!value.strip().equals(value)) {
      return Optional.of("must not start or end with white space");
    }
    if (value.codePoints().anyMatch(SessionKey::isForbidden)) {
      return Optional.of("must not contain control characters");
    }
    return Optional.empty();
  }

  /** Lone surrogates are refused too: Postgres cannot store them, and a lossy key is two keys. */
  private static boolean isForbidden(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return value;
  }
}
