package dev.turnout.usermessage;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The languages of the catalogue. */
public enum Language {
  ENGLISH(Locale.ENGLISH),
  CHINESE(Locale.CHINESE);

  private final Locale locale;

  Language(Locale locale) {
    this.locale = locale;
  }

  Locale locale() {
    return locale;
  }

  /** Its BCP 47 tag, such as {@code en}. */
  public String tag() {
    return locale.toLanguageTag();
  }

  /**
   * The language that this {@code Accept-Language} header prefers among ours; English where it is
   * empty, not understood, or names none of ours.
   */
  public static Language preferredBy(String acceptLanguage) {
    return namedBy(acceptLanguage).orElse(ENGLISH);
  }

  /**
   * The same, but empty where the header prefers nothing: it is empty, not understood, or takes any
   * ({@code *}), which some clients send unasked.
   */
  public static Optional<Language> namedBy(String acceptLanguage) {
    try {
      var wanted = Locale.LanguageRange.parse(acceptLanguage);
      if (wanted.stream().allMatch(range -> range.getRange().equals("*"))) {
        return Optional.empty();
      }
      var found = Locale.lookup(wanted, List.of(Locale.ENGLISH, Locale.CHINESE));
      return Optional.of(Locale.CHINESE.equals(found) ? CHINESE : ENGLISH);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The language of this BCP 47 tag; English where it is none of ours. */
  public static Language ofTag(String tag) {
    return Locale.forLanguageTag(tag).getLanguage().equals(Locale.CHINESE.getLanguage())
        ? CHINESE
        : ENGLISH;
  }
}
