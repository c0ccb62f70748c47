package dev.turnout.failure;

import java.nio.charset.StandardCharsets;

/**
 * Text from outside as the database can hold it. A process may print NUL, and JSON can carry half
 * of a surrogate pair; Postgres refuses the one, and UTF-8 has no form of the other. Everything
 * that a backend says passes here once, on its way in.
 */
public final class StorableText {
  private static final char REPLACEMENT = '\ufffd';

  private StorableText() {}

  /** The same text with the replacement character in place of what nobody can store. */
  public static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      char at = text.charAt(i);
      if (at == '\0' || Character.isSurrogate(at)) {
        return isStorable(text) ? text : replaced(text, i);
      }
    }
    return text;
  }

  /** Whether it can be stored as it is. */
  public static boolean isStorable(String text) {
    return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static String replaced(String text, int from) {
    var clean = new StringBuilder(text);
    for (int i = from; i < text.length(); i++) {
      char at = text.charAt(i);
      if (Character.isHighSurrogate(at)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (at == '\0' || Character.isSurrogate(at)) {
        clean.setCharAt(i, REPLACEMENT);
      }
    }
    return clean.toString();
  }
}
