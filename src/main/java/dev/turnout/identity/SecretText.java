package dev.turnout.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The text of an API key, from its making or from a request to its digest. */
record SecretText(String value) {
  /** Lets secret scanners recognise a key that was published by accident. */
  private static final String MARK = "turnout_";

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /** 43 characters of 62 are more than 256 bits. */
  private static final int RANDOM_CHARACTERS = 43;

  /** The mark and 6 random characters (36 bits) of 256: enough to tell keys apart, no help. */
  private static final int VISIBLE = MARK.length() + 6;

  private static final SecureRandom RANDOM = new SecureRandom();

  static SecretText random() {
    var text = new StringBuilder(MARK);
    for (int i = 0; i < RANDOM_CHARACTERS; i++) {
      text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return new SecretText(text.toString());
  }

  /** The part that lists may show: nothing of a key that we did not make ourselves. */
  String prefix() {
    return value.startsWith(MARK) && value.length() == MARK.length() + RANDOM_CHARACTERS
        ? value.substring(0, VISIBLE)
        : "";
  }

  byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The digest as a name in a map. */
  static String name(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }

  @Override
  public String toString() {
    return "SecretText[" + prefix() + "…]";
  }
}
