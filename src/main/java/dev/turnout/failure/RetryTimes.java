package dev.turnout.failure;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads when the provider says that it works again, from whatever it says it in. The most exact
 * wins: milliseconds, seconds, a date; then a window's reset; prose last.
 */
final class RetryTimes {
  /** The longest window that providers sell is a month; what is later is a misread number. */
  private static final Duration LONGEST = Duration.ofDays(32);

  private static final long EPOCH_SECONDS_FROM = 1_000_000_000L;
  private static final long EPOCH_MILLIS_FROM = 1_000_000_000_000L;

  /** {@code 1s}, {@code 6m0s}, {@code 1h30m}, {@code 120ms}, {@code 0.5s}. */
  private static final Pattern SPAN =
      Pattern.compile(
          "(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m(?!s))?(?:(\\d+(?:\\.\\d+)?)s)?(?:(\\d+(?:\\.\\d+)?)ms)?");

  /** What is left of a window that a 429 speaks of, by the header that says when it is new. */
  private static final List<Window> WINDOWS =
      Stream.concat(
              Stream.of("requests", "tokens", "input-tokens", "output-tokens")
                  .map(
                      unit ->
                          new Window(
                              "anthropic-ratelimit-" + unit + "-reset",
                              "anthropic-ratelimit-" + unit + "-remaining")),
              Stream.of("requests", "tokens")
                  .map(
                      unit ->
                          new Window("x-ratelimit-reset-" + unit, "x-ratelimit-remaining-" + unit)))
          .toList();

  private record Window(String reset, String remaining) {}

  private final SignalFacts facts;
  private final Instant now;
  private final ZoneId zone;

  private RetryTimes(SignalFacts facts, Instant now, ZoneId zone) {
    this.facts = facts;
    this.now = now;
    this.zone = zone;
  }

  /**
   * When it works again, where that was said and lies ahead.
   *
   * @param zone of the machine, by whose clock CLIs tell the time
   */
  static Optional<Instant> read(SignalFacts facts, FailureReason reason, Instant now, ZoneId zone) {
    var times = new RetryTimes(facts, now, zone);
    var found =
        switch (reason) {
          // Their windows are told in many ways.
          case QUOTA_WINDOW, RATE_LIMIT -> times.asked().or(times::window).or(times::prose);
          // Here a window's reset, which stands on every answer, has nothing to do with the
          // failure.
          case OVERLOADED, SERVER_ERROR, NETWORK -> times.asked();
          case TIMEOUT_CONNECT, TIMEOUT_FIRST_OUTPUT, TIMEOUT_IDLE, TIMEOUT_TOTAL -> times.asked();
          // No time mends these, whatever a gateway adds to its refusals.
          case AUTH_INVALID, AUTH_REVOKED, PERMISSION, BILLING, MODEL_NOT_FOUND ->
              Optional.<Instant>empty();
          case CONTEXT_OVERFLOW, REQUEST_TOO_LARGE, INVALID_REQUEST -> Optional.<Instant>empty();
          case CONTENT_POLICY, REFUSAL, EMPTY_RESPONSE, SESSION_LOST, PROTOCOL_ERROR ->
              Optional.<Instant>empty();
          case SPAWN_FAILED, PROCESS_CRASHED, BACKEND_CONFIG_MISSING, OUTPUT_LIMIT, LIVE_CAPACITY ->
              Optional.<Instant>empty();
          case NO_CANDIDATE, CANCELLED, INTERRUPTED, EXPIRED, INTERNAL -> Optional.<Instant>empty();
        };
    return found.filter(at -> at.isAfter(now) && at.isBefore(now.plus(LONGEST)));
  }

  /** What it asks of this very request. */
  private Optional<Instant> asked() {
    return number("header.retry-after-ms")
        .map(ms -> now.plusNanos((long) (ms * 1e6)))
        .or(() -> facts.value("header.retry-after").flatMap(this::instant))
        .or(() -> number("retry_after_seconds").map(s -> now.plusNanos((long) (s * 1e9))));
  }

  private Optional<Instant> window() {
    return told("rate_limit.resetsAt")
        .filter(_ -> !facts.lowered("rate_limit.status").startsWith("allowed"))
        .or(() -> told("header.anthropic-ratelimit-unified-reset"))
        .or(() -> told("resets_at"))
        .or(this::exhaustedWindows)
        .or(() -> told("header.x-ratelimit-reset"))
        .or(() -> told("header.ratelimit-reset"));
  }

  /** All of them must be new, so the last one counts; one with something left holds nobody up. */
  private Optional<Instant> exhaustedWindows() {
    return WINDOWS.stream()
        .filter(
            window -> {
              var left = facts.lowered("header." + window.remaining());
              return left.isEmpty() || left.equals("0");
            })
        .flatMap(window -> told("header." + window.reset()).stream())
        .max(Instant::compareTo);
  }

  private Optional<Instant> prose() {
    return ProseTimes.read(facts, now, zone);
  }

  private Optional<Instant> told(String name) {
    return facts.value(name).flatMap(this::instant);
  }

  private Optional<Double> number(String name) {
    return facts.value(name).flatMap(RetryTimes::decimal);
  }

  private static Optional<Double> decimal(String text) {
    return text.matches("\\d{1,15}(\\.\\d{1,9})?")
        ? Optional.of(Double.valueOf(text))
        : Optional.empty();
  }

  /** Seconds from now, seconds or milliseconds of the epoch, a span, or a date of either kind. */
  private Optional<Instant> instant(String told) {
    var text = told.strip();
    var number = decimal(text);
    if (number.isPresent()) {
      double value = number.get();
      if (value >= EPOCH_MILLIS_FROM) {
        return Optional.of(Instant.ofEpochMilli((long) value));
      }
      return Optional.of(
          value >= EPOCH_SECONDS_FROM
              ? Instant.ofEpochSecond((long) value)
              : now.plusNanos((long) (value * 1e9)));
    }
    return span(text).map(now::plus).or(() -> date(text));
  }

  /** {@code 6m0s} and its like. */
  static Optional<Duration> span(String text) {
    var matcher = SPAN.matcher(text);
    if (text.isEmpty() || !matcher.matches()) {
      return Optional.empty();
    }
    double seconds = 0;
    double[] units = {86_400, 3_600, 60, 1, 0.001};
    for (int i = 0; i < units.length; i++) {
      var part = matcher.group(i + 1);
      seconds += part == null ? 0 : Double.parseDouble(part) * units[i];
    }
    return seconds > LONGEST.toSeconds()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos((long) (seconds * 1e9)));
  }

  private static Optional<Instant> date(String text) {
    for (var format :
        List.of(DateTimeFormatter.ISO_DATE_TIME, DateTimeFormatter.RFC_1123_DATE_TIME)) {
      try {
        return Optional.of(Instant.from(format.withLocale(Locale.ROOT).parse(text)));
      } catch (DateTimeParseException e) {
        // The other one may know it.
      } catch (DateTimeException e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }
}
