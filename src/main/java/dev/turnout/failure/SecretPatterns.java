package dev.turnout.failure;

import java.util.regex.Pattern;

/**
 * Takes credentials out of text that others wrote, by their usual shapes. Adapters already take out
 * the credential that they used; this finds those that nobody handed to us: a provider that echoes
 * half a key, a CLI that prints its environment.
 */
final class SecretPatterns {
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

  private SecretPatterns() {}

  static String redact(String text) {
    var matcher = SECRET.matcher(text);
    if (!matcher.find()) {
      return text;
    }
    var clean = new StringBuilder(text.length());
    do {
      matcher.appendReplacement(clean, "");
      for (int group = 1; group <= matcher.groupCount(); group++) {
        if (matcher.group(group) != null) {
          clean.append(matcher.group(group));
        }
      }
      clean.append(REDACTED);
    } while (matcher.find());
    return matcher.appendTail(clean).toString();
  }
}
