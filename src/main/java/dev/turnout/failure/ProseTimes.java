package dev.turnout.failure;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the time of a reset out of sentences, for those who tell it nowhere else. */
final class ProseTimes {
  /** "try again in 1.5s", "Please retry in 34.07s.", "Suggested retry after 60s". */
  private static final Pattern IN_A_WHILE =
      Pattern.compile(
          "(?i)(?:again|retry|resets?) (?:in|after) (\\d[\\d.]*(?:[dhms]|ms)[\\ddhms.]*)");

  /** "try again in 20 seconds". */
  private static final Pattern IN_WORDS =
      Pattern.compile(
          "(?i)(?:again|retry|resets?) (?:in|after) (\\d{1,6}) (second|minute|hour|day)s?");

  /** "will reset at 2026-08-27 21:31:39", "将在 2026-08-25 07:41:44 重置". */
  private static final Pattern AT_A_DATE =
      Pattern.compile("(?i)(?:reset at|将在) (\\d{4}-\\d{2}-\\d{2})[ T](\\d{2}:\\d{2}:\\d{2})");

  /**
   * "resets 7:50am (UTC)", "resets at 3pm (Europe/Berlin)", "resets Oct 6, 1pm", "try again at 3:50
   * AM.", "try again at Jan 5th, 2026 3:50 AM."
   */
  private static final Pattern AT_A_TIME =
      Pattern.compile(
          "(?i)(?:resets?|again)(?: at)? (?:(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
              + " (\\d{1,2})(?:st|nd|rd|th)?(?:, (\\d{4}))?(?:,| at)? )?"
              + "(\\d{1,2})(?::(\\d{2}))? ?(am|pm)\\b(?: \\(([A-Za-z_]+(?:/[A-Za-z_]+)*)\\))?");

  /** Whose dates carry no zone: that provider counts in Beijing's time. */
  private static final List<String> BEIJING_CODES = List.of("1304", "1308", "1310");

  private static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");

  private ProseTimes() {}

  static Optional<Instant> read(SignalFacts facts, Instant now, ZoneId zone) {
    var text = facts.value("message").orElse("");
    return first(IN_A_WHILE, text)
        .flatMap(found -> RetryTimes.span(found.group(1).replaceAll("\\.$", "")))
        .or(() -> first(IN_WORDS, text).map(ProseTimes::words))
        .map(now::plus)
        .or(() -> first(AT_A_DATE, text).flatMap(found -> date(found, facts, zone)))
        .or(() -> first(AT_A_TIME, text).flatMap(found -> time(found, now, zone)));
  }

  private static Optional<MatchResult> first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.toMatchResult()) : Optional.empty();
  }

  private static Duration words(MatchResult found) {
    long amount = Long.parseLong(found.group(1));
    return switch (found.group(2).toLowerCase(Locale.ROOT)) {
      case "second" -> Duration.ofSeconds(amount);
      case "minute" -> Duration.ofMinutes(amount);
      case "hour" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static Optional<Instant> date(MatchResult found, SignalFacts facts, ZoneId zone) {
    try {
      var at = LocalDateTime.of(LocalDate.parse(found.group(1)), LocalTime.parse(found.group(2)));
      boolean beijing = BEIJING_CODES.contains(facts.lowered("code"));
      return Optional.of(at.atZone(beijing ? BEIJING : zone).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The next time that a clock shows this, unless a date says which. */
  private static Optional<Instant> time(MatchResult found, Instant now, ZoneId machine) {
    try {
      var zone = found.group(7) == null ? machine : ZoneId.of(found.group(7));
      int hour = Integer.parseInt(found.group(4)) % 12;
      boolean afternoon = found.group(6).equalsIgnoreCase("pm");
      int minute = found.group(5) == null ? 0 : Integer.parseInt(found.group(5));
      var time = LocalTime.of(afternoon ? hour + 12 : hour, minute);
      var today = now.atZone(zone);
      if (found.group(1) == null) {
        var next = ZonedDateTime.of(today.toLocalDate(), time, zone);
        return Optional.of((next.isAfter(today) ? next : next.plusDays(1)).toInstant());
      }
      var month = month(found.group(1));
      int day = Integer.parseInt(found.group(2));
      int year = found.group(3) == null ? today.getYear() : Integer.parseInt(found.group(3));
      var at = ZonedDateTime.of(LocalDate.of(year, month, day), time, zone);
      boolean nextYear = found.group(3) == null && at.isBefore(today.minusDays(1));
      return Optional.of((nextYear ? at.plusYears(1) : at).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Month month(String abbreviation) {
    var begin = abbreviation.toUpperCase(Locale.ROOT);
    for (var month : Month.values()) {
      if (month.name().startsWith(begin)) {
        return month;
      }
    }
    throw new DateTimeException("no month: " + abbreviation);
  }
}
