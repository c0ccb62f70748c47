package dev.turnout.worker;

import dev.turnout.failure.Failure;
import dev.turnout.settings.AuthProfileSettings.CredentialKind;
import dev.turnout.settings.Settings;
import dev.turnout.turn.Attempt;
import dev.turnout.turn.Candidate;
import dev.turnout.usermessage.Account;
import dev.turnout.usermessage.FailedWay;
import dev.turnout.usermessage.Language;
import dev.turnout.usermessage.UserMessage;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a person is told of a turn that failed: of all its attempts, not of the last one alone. */
public final class FailureMessages {
  /** By its name: an offset would be told as the letter Z, which few people read as a time zone. */
  private static final ZoneId UTC = ZoneId.of("UTC");

  private FailureMessages() {}

  /** The text by language, for a turn that came to this through these attempts. */
  public static Map<String, String> of(Failure failure, List<Attempt> attempts, Settings settings) {
    var ways = new ArrayList<FailedWay>();
    for (var attempt : worthTelling(attempts)) {
      attempt
          .failure()
          .ifPresent(
              why ->
                  ways.add(
                      new FailedWay(
                          why.reason(),
                          attempt.skipped(),
                          why.retryAt(),
                          account(attempt.candidate(), settings))));
    }
    // An end that no attempt led to, such as a crash that nobody may repeat, has a reason too.
    boolean said = ways.stream().anyMatch(way -> way.reason() == failure.reason());
    if (!said) {
      ways.add(new FailedWay(failure.reason(), false, failure.retryAt(), Account.OWN_LOGIN));
    }
    // All languages: who reads it, and in which one, is known when it is read.
    var messages = new TreeMap<String, String>();
    for (var language : Language.values()) {
      messages.put(language.tag(), UserMessage.of(ways, language, UTC, settings.messages()).text());
    }
    return messages;
  }

  /** A credential that the operator put out of use is no cause, as long as there is another one. */
  private static List<Attempt> worthTelling(List<Attempt> attempts) {
    var others =
        attempts.stream()
            .filter(
                attempt ->
                    attempt
                        .failure()
                        .filter(why -> why.rule().equals("config.profile_disabled"))
                        .isEmpty())
            .toList();
    return others.isEmpty() ? attempts : others;
  }

  private static Account account(Candidate candidate, Settings settings) {
    return candidate
        .authProfile()
        .flatMap(settings::authProfile)
        .map(profile -> of(profile.kind()))
        .orElse(Account.OWN_LOGIN);
  }

  private static Account of(CredentialKind kind) {
    return switch (kind) {
      case API_KEY -> Account.API_KEY;
      case SUBSCRIPTION -> Account.SUBSCRIPTION;
      case TOKEN -> Account.TOKEN;
    };
  }
}
