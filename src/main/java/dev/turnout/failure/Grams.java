package dev.turnout.failure;

/**
 * Which runs of four characters a text has, roughly: it says no to nearly every phrase that is not
 * there. Rules know some three hundred phrases, and a message of 2000 characters would be read that
 * often; a process prints such messages when it fails many times a second.
 */
final class Grams {
  private static final int LENGTH = 4;

  /** Of 2000 characters at most one bit in eight is set. */
  private static final int BITS = 1 << 14;

  private final long[] seen = new long[BITS / Long.SIZE];

  Grams(String text) {
    for (int i = 0; i + LENGTH <= text.length(); i++) {
      int bit = bit(text, i);
      seen[bit / Long.SIZE] |= 1L << (bit % Long.SIZE);
    }
  }

  /** False only where the text does not contain the phrase. */
  boolean mayContain(String phrase) {
    return phrase.length() < LENGTH
        || (isSeen(phrase, 0) && isSeen(phrase, phrase.length() - LENGTH));
  }

  private boolean isSeen(String phrase, int at) {
    int bit = bit(phrase, at);
    return (seen[bit / Long.SIZE] & (1L << (bit % Long.SIZE))) != 0;
  }

  private static int bit(String text, int at) {
    int hash = 0;
    for (int i = 0; i < LENGTH; i++) {
      hash = hash * 0x9E3779B1 + text.charAt(at + i);
    }
    return (hash ^ (hash >>> 15)) & (BITS - 1);
  }
}
