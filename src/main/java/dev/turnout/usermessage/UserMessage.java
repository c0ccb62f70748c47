package dev.turnout.usermessage;

import dev.turnout.failure.FailureReason;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a person is told of a turn that nobody answered: each distinct reason, who can help, and
 * when it can work again. Made of reasons alone and never of what a provider wrote, so that it says
 * nothing of money unless an attempt failed for money, and does not counsel patience where only a
 * person can help. A candidate that was skipped speaks with the reason of its cooldown, so the same
 * cause is told in the same words however often it is met.
 *
 * @param worksAgainAt the soonest time at which the turn may succeed by itself, where one is known
 */
public record UserMessage(String text, Optional<Instant> worksAgainAt) {

  /** The message for these failed ways in the words that ship with Turnout. */
  static UserMessage of(Collection<FailedWay> ways, Language language, ZoneId zone) {
    return of(ways, language, zone, MessageTexts.BUILT_IN);
  }

  /**
   * The message for these failed ways.
   *
   * @param ways every candidate that was tried or skipped; none at all is a reason too
   * @param zone in which times are told
   */
  public static UserMessage of(
      Collection<FailedWay> ways, Language language, ZoneId zone, MessageTexts texts) {
    var words = new Words(language, zone, texts);
    var told =
        ways.isEmpty()
            ? List.of(
                new FailedWay(
                    FailureReason.NO_CANDIDATE, false, Optional.empty(), Account.OWN_LOGIN))
            : List.copyOf(ways);
    var sentences = new ArrayList<String>();
    if (told.stream().allMatch(FailedWay::skipped)) {
      sentences.add(words.text("all_skipped"));
    }
    keys(told).forEach(key -> sentences.add(words.text(key)));
    var again = soonest(told, Topic.Help.TIME);
    closing(told, words).ifPresent(sentences::add);
    // Chinese sentences stand without a space between them.
    var space = language == Language.CHINESE ? "" : " ";
    return new UserMessage(String.join(space, sentences), again);
  }

  /** Each once, in the order of the topics, whatever the order of the attempts. */
  private static Set<String> keys(List<FailedWay> ways) {
    var byTopic = new TreeMap<Topic, EnumSet<Account>>();
    for (var way : ways) {
      byTopic
          .computeIfAbsent(Topic.of(way.reason()), _ -> EnumSet.noneOf(Account.class))
          .add(way.account());
    }
    var keys = new LinkedHashSet<String>();
    byTopic.forEach((topic, accounts) -> accounts.forEach(account -> keys.add(topic.key(account))));
    return keys;
  }

  private static Optional<String> closing(List<FailedWay> ways, Words words) {
    if (helps(ways, Topic.Help.TIME)) {
      return Optional.of(
          soonest(ways, Topic.Help.TIME)
              .map(at -> words.timed("again_at", at))
              .orElseGet(() -> words.text("again")));
    }
    if (helps(ways, Topic.Help.PERSON)) {
      return Optional.of(
          soonest(ways, Topic.Help.PERSON)
              .map(at -> words.timed("person_at", at))
              .orElseGet(() -> words.text("person")));
    }
    return Optional.empty();
  }

  private static boolean helps(List<FailedWay> ways, Topic.Help help) {
    return ways.stream().anyMatch(way -> Topic.of(way.reason()).help() == help);
  }

  private static Optional<Instant> soonest(List<FailedWay> ways, Topic.Help help) {
    return ways.stream()
        .filter(way -> Topic.of(way.reason()).help() == help)
        .flatMap(way -> way.until().stream())
        .min(Instant::compareTo);
  }

  /** The texts in one language, and how times are told in it. */
  private record Words(Language language, ZoneId zone, MessageTexts texts) {
    String text(String key) {
      return texts.text(language, key);
    }

    String timed(String key, Instant at) {
      // Rounded up: at the minute that is told it must be true.
      var minute = at.truncatedTo(ChronoUnit.MINUTES);
      var told = minute.equals(at) ? minute : minute.plus(1, ChronoUnit.MINUTES);
      var format = DateTimeFormatter.ofPattern(text("time"), language.locale());
      return text(key).replace("{0}", format.format(told.atZone(zone)));
    }
  }
}
