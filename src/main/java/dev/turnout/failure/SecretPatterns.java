package dev.turnout.failure;

import java.util.BitSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes credentials out of text that others wrote, by their usual shapes. Adapters already take out
 * the credential that they used; this finds those that nobody handed to us: a provider that echoes
 * half a key, a CLI that prints its environment.
 */
public final class SecretPatterns {
  static final String REDACTED = "[redacted]";

  /**
   * In one pattern, because a classifier runs it over every message. The first group is what names
   * the secret and stays readable.
   */
  private static final Pattern SECRET =
      Pattern.compile(
          // Only where a word begins, an underscore apart: this runs over every message.
          "(?<![A-Za-z0-9])(?:"
              // Authorization headers, whatever the credential looks like. "Bearer token" is prose.
              + "((?i:bearer)\\s+)(?!(?i:auth|token|credential|realm|required))[\\w.~+/=*-]{8,}"
              + "|((?i:basic)\\s+)(?=[\\w+/-]*[0-9A-Z=])[\\w+/=-]{8,}"
              // name: value and name=value, with or without JSON's quotes.
              + "|((?i:api[ _-]?key|(?:access|refresh|id|auth|session)[_-]?token|client[_-]?secret"
              + "|secret[_-]?(?:access[_-]?)?key|passw(?:or)?d)"
              + "[\"']?\\s*[:=]\\s*[\"']?)(?!\\[redacted)[^\\s\"',;&}\\])]{4,}"
              // Shapes that are secret by themselves; providers mask the middle with stars.
              + "|(?:sk|rk|pk)[-_][\\w*.…-]{8,}"
              + "|AIza[\\w-]{20,}|ya29\\.[\\w.-]{10,}"
              + "|(?:gh[pousr]|glpat|github_pat)[_-]\\w{16,}"
              + "|xox[abeprs]-[\\w-]{8,}|(?:AKIA|ASIA)[A-Z0-9]{16}\\b"
              + "|(?:hf|gsk|xai|nvapi|pplx|turnout)[_-]\\w{16,}"
              + "|eyJ[\\w-]{8,}\\.[\\w-]{8,}(?:\\.[\\w-]*)?)"
              // A user's name and password in a URL.
              + "|(?<=://)[^\\s/@:]+:[^\\s/@]+(?=@)"
              + "|([?&](?:key|token)=)[^\\s\"'&]{4,}"
              + "|-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]*-----|$)");

  /**
   * How the words begin that the pattern may match, in lower case. The pattern is tried there
   * alone: at every character of a long message it would cost more than all rules together.
   */
  private static final Set<String> BEGINNINGS =
      Set.of(
          "be", "ba", "ap", "ac", "re", "id", "au", "se", "cl", "pa", "sk", "rk", "pk", "ai", "ya",
          "gh", "gl", "gi", "xo", "ak", "as", "hf", "gs", "xa", "nv", "pp", "tu", "ey");

  private static final BitSet MAY_BEGIN = new BitSet();

  static {
    BEGINNINGS.forEach(word -> MAY_BEGIN.set(pair(word.charAt(0), word.charAt(1))));
  }

  private SecretPatterns() {}

  /** This text with a mark in the place of each credential. */
  public static String redact(String text) {
    var matcher = SECRET.matcher(text).useTransparentBounds(true).useAnchoringBounds(false);
    StringBuilder clean = null;
    int copied = 0;
    for (int at = 0; at < text.length(); at++) {
      if (!mayBegin(text, at) || !matcher.region(at, text.length()).lookingAt()) {
        continue;
      }
      clean = clean == null ? new StringBuilder(text.length()) : clean;
      clean.append(text, copied, at);
      for (int group = 1; group <= matcher.groupCount(); group++) {
        if (matcher.group(group) != null) {
          clean.append(matcher.group(group));
        }
      }
      clean.append(REDACTED);
      copied = matcher.end();
      at = copied - 1;
    }
    return clean == null ? text : clean.append(text, copied, text.length()).toString();
  }

  /** False only where the pattern does not match. */
  private static boolean mayBegin(String text, int at) {
    char first = text.charAt(at);
    if (first == '?' || first == '&') {
      return true;
    }
    if (first == '-') {
      return text.startsWith("-----", at);
    }
    if (at > 2 && text.startsWith("://", at - 3)) {
      return true;
    }
    boolean wordBegins = at == 0 || !isWord(text.charAt(at - 1));
    return wordBegins
        && isWord(first)
        && at + 1 < text.length()
        && MAY_BEGIN.get(pair(first, text.charAt(at + 1)));
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /** Letters alone, in either case, have a number below a thousand. */
  private static int pair(char first, char second) {
    return isWord(second) ? ((first & 31) << 5) | (second & 31) : 0;
  }

  /** What {@link #redact} does, as slowly as it is plain: for the test that compares them. */
  static Pattern pattern() {
    return SECRET;
  }
}
