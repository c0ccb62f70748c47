package dev.turnout.http;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The {@code Prefer} header (RFC 7240), as far as this API honours it: {@code wait=N}. */
final class Preferences {
  /** Longest wait: below what proxies usually allow a silent answer. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private static final Pattern WAIT = Pattern.compile("wait\\s*=\\s*\"?([0-9]{1,9})\"?");

  private Preferences() {}

  /**
   * How long the caller would like to wait, cut to {@link #LONGEST_WAIT}. A preference that cannot
   * be read is no error but no preference, says the RFC.
   */
  static Optional<Duration> wait(List<String> headers) {
    return headers.stream()
        .flatMap(header -> Pattern.compile("[,;]").splitAsStream(header))
        .map(part -> WAIT.matcher(part.strip().toLowerCase(java.util.Locale.ROOT)))
        .filter(match -> match.matches())
        .map(match -> Duration.ofSeconds(Long.parseLong(match.group(1))))
        .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait)
        .findFirst();
  }

  /** What {@code Preference-Applied} says of it. */
  static String applied(Duration wait) {
    return "wait=" + wait.toSeconds();
  }
}
