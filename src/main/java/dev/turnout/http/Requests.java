package dev.turnout.http;

import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TurnId;
import dev.turnout.usermessage.Language;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the parts of a request that several calls share. */
final class Requests {
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** What the framework puts in the place of bytes that are no UTF-8: two keys would be one. */
  private static final char UNREADABLE = '\ufffd';

  private Requests() {}

  /** The beginning of session keys, which need not be a key itself. */
  static String keyPrefix(String prefix) {
    if (prefix.length() > SessionKey.MAX_LENGTH) {
      throw new ProblemException(
          Problem.ofParameter(
              "prefix", "must not be longer than " + SessionKey.MAX_LENGTH + " characters"));
    }
    if (prefix.chars().anyMatch(Character::isISOControl)) {
      throw new ProblemException(
          Problem.ofParameter("prefix", "must not contain control characters"));
    }
    return prefix;
  }

  static SessionKey sessionKey(String key) {
    if (key.indexOf(UNREADABLE) >= 0) {
      throw new ProblemException(
          Problem.ofParameter("key", "must be UTF-8, percent-encoded as one path segment"));
    }
    SessionKey.flaw(key)
        .ifPresent(
            flaw -> {
              throw new ProblemException(Problem.ofParameter("key", flaw));
            });
    return new SessionKey(key);
  }

  /** What is no id at all is as unknown as an id that nobody made. */
  static TurnId turnId(String id) {
    var text = id.toLowerCase(Locale.ROOT);
    if (!UUID_FORM.matcher(text).matches()) {
      throw noTurn(id);
    }
    return new TurnId(UUID.fromString(text));
  }

  /**
   * In which language the reader is told things, where the header says so; it decides nothing else,
   * so any header will do.
   */
  static Optional<Language> language(@Nullable String acceptLanguage) {
    return Optional.ofNullable(acceptLanguage).flatMap(Language::namedBy);
  }

  static ProblemException noTurn(String id) {
    return new ProblemException(ProblemType.TURN_NOT_FOUND, "There is no turn " + id + ".");
  }

  static ProblemException noSession(SessionKey key) {
    return new ProblemException(ProblemType.SESSION_NOT_FOUND, "There is no session " + key + ".");
  }
}
