package dev.turnout.usermessage;

import java.util.List;
import java.util.Locale;

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
    try {
      var wanted = Locale.LanguageRange.parse(acceptLanguage);
      var found = Locale.lookup(wanted, List.of(Locale.ENGLISH, Locale.CHINESE));
      return Locale.CHINESE.equals(found) ? CHINESE : ENGLISH;
    } catch (IllegalArgumentException e) {
      return ENGLISH;
    }
  }
}
