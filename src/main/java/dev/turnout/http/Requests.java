package dev.turnout.http;

import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TurnId;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads the parts of a request that several calls share. */
final class Requests {
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private Requests() {}

  static SessionKey sessionKey(String key) {
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

  static ProblemException noTurn(String id) {
    return new ProblemException(ProblemType.TURN_NOT_FOUND, "There is no turn " + id + ".");
  }

  static ProblemException noSession(SessionKey key) {
    return new ProblemException(ProblemType.SESSION_NOT_FOUND, "There is no session " + key + ".");
  }
}
