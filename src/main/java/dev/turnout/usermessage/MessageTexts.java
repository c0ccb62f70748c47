package dev.turnout.usermessage;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What people are told, by language and name of the text: an operator's own words, and where there
 * are none those that ship with Turnout. That they say nothing that did not happen is the
 * operator's care then.
 *
 * @param own texts that {@link #flaw} finds nothing wrong with
 */
public record MessageTexts(Map<Language, Map<String, String>> own) {
  /** The words that ship with Turnout. */
  public static final MessageTexts BUILT_IN = new MessageTexts(Map.of());

  /** Longest text, in characters: several are joined into one message. */
  public static final int LONGEST = 1_000;

  private static final String PLACEHOLDER = "{0}";

  /** The texts that tell a time, at their placeholder. */
  private static final Set<String> TIMED = Set.of("again_at", "person_at");

  private static final String TIME = "time";

  public MessageTexts {
    own =
        own.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> Map.copyOf(entry.getValue())));
  }

  String text(Language language, String key) {
    var text = own.getOrDefault(language, Map.of()).get(name(key));
    return text == null ? Catalogue.text(language, key) : text;
  }

  /** The names of all texts, sorted. */
  public static Set<String> names() {
    return Catalogue.keys(Language.ENGLISH).stream()
        .map(MessageTexts::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** As it stands in settings, where a dot would divide it. */
  private static String name(String key) {
    return key.replace('.', '_');
  }

  /** Why this cannot be the text of that name, in words that go on after it. */
  public static Optional<String> flaw(Language language, String name, String text) {
    if (!names().contains(name)) {
      return Optional.of("is not a text; expected one of " + names());
    }
    if (text.isBlank() || text.length() > LONGEST) {
      return Optional.of("must have 1 to " + LONGEST + " characters that are not all blank");
    }
    if (text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n')) {
      return Optional.of("must not have control characters");
    }
    if (name.equals(TIME)) {
      return timeFlaw(language, text);
    }
    var rest = text;
    if (TIMED.contains(name)) {
      if (!text.contains(PLACEHOLDER)) {
        return Optional.of("must have the placeholder {0}, in whose place the time is told");
      }
      rest = text.replace(PLACEHOLDER, "");
    }
    return rest.contains("{") || rest.contains("}")
        ? Optional.of(
            TIMED.contains(name)
                ? "must have no placeholder but {0}"
                : "must have no placeholders: there is nothing to put in their place")
        : Optional.empty();
  }

  private static Optional<String> timeFlaw(Language language, String pattern) {
    try {
      var format = DateTimeFormatter.ofPattern(pattern, language.locale());
      return format.format(Instant.EPOCH.atZone(ZoneId.of("UTC"))).isBlank()
          ? Optional.of("must be a pattern that tells a time, such as d MMM yyyy, HH:mm z")
          : Optional.empty();
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.of("must be a pattern of times, such as d MMM yyyy, HH:mm z");
    }
  }
}
