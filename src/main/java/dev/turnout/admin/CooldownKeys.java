package dev.turnout.admin;

import dev.turnout.cooldown.CooldownKey;
import dev.turnout.cooldown.CooldownScope;
import dev.turnout.cooldown.RestTable;
import dev.turnout.failure.FailureReason;
import dev.turnout.http.Problem;
import dev.turnout.http.ProblemException;
import dev.turnout.http.ProblemType;
import dev.turnout.settings.Settings;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.LaneId;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what shall rest by hand. A name that is not configured is refused: a misspelt one would
 * make something rest that is nowhere, and what was meant would go on.
 */
final class CooldownKeys {
  private final CooldownWishes.Make wish;
  private final Settings settings;
  private final CooldownScope scope;

  private CooldownKeys(CooldownWishes.Make wish, Settings settings, CooldownScope scope) {
    this.wish = wish;
    this.settings = settings;
    this.scope = scope;
  }

  static FailureReason reason(CooldownWishes.Make wish) {
    return Arrays.stream(FailureReason.values())
        .filter(reason -> reason.code().equals(wish.reason()))
        .filter(reason -> RestTable.rests(reason))
        .findFirst()
        .orElseThrow(
            () ->
                flaw(
                    "reason",
                    "must be a reason that makes something rest: "
                        + Arrays.stream(FailureReason.values())
                            .filter(reason -> RestTable.rests(reason))
                            .map(FailureReason::code)
                            .collect(Collectors.joining(", "))));
  }

  static CooldownKey read(CooldownWishes.Make wish, FailureReason reason, Settings settings) {
    var scope = settings.rests().scope(reason);
    if (wish.scope() != null && !wish.scope().equals(scope.code())) {
      throw flaw(
          "scope",
          "must be " + scope.code() + ", for that is what " + reason.code() + " makes rest");
    }
    return new CooldownKeys(wish, settings, scope).read();
  }

  private CooldownKey read() {
    var lane = lane();
    return switch (scope) {
      case PAYMENT, SIGN_IN -> {
        without("backend", wish.backend());
        without("model", wish.model());
        yield new CooldownKey(scope, account(), "", runtime(), "", lane);
      }
      case QUOTA -> {
        without("backend", wish.backend());
        yield new CooldownKey(scope, account(), "", runtime(), model(), lane);
      }
      case SERVICE -> {
        without("account", wish.account());
        without("runtime", wish.runtime());
        yield new CooldownKey(scope, "", backend("backend", wish.backend()), "", model(), lane);
      }
      case MODEL -> {
        without("backend", wish.backend());
        without("runtime", wish.runtime());
        yield new CooldownKey(scope, account(), "", "", model(), lane);
      }
    };
  }

  private void without(String field, @Nullable String value) {
    if (value != null) {
      throw flaw(field, "is no part of the scope " + scope.code());
    }
  }

  private String account() {
    var account = present("account", wish.account());
    if (account.startsWith("~")) {
      return "~" + backend("account", account.substring(1));
    }
    if (settings.authProfile(new AuthProfileId(account)).isEmpty()) {
      throw flaw("account", "is not a configured auth profile");
    }
    return account;
  }

  private String backend(String field, @Nullable String value) {
    var backend = present(field, value);
    if (settings.backend(new BackendId(backend)).isEmpty()) {
      throw flaw(field, "is not a configured backend");
    }
    return backend;
  }

  private String runtime() {
    var runtime = present("runtime", wish.runtime());
    if (!runtime.equals("cli") && !runtime.equals("api")) {
      throw flaw("runtime", "must be cli or api");
    }
    return runtime;
  }

  private String model() {
    return Optional.ofNullable(wish.model()).orElse("");
  }

  private String lane() {
    var lane = Optional.ofNullable(wish.lane()).orElse("user");
    if (!settings.lanes().containsKey(new LaneId(lane))) {
      throw flaw("lane", "is not a configured lane");
    }
    return lane;
  }

  private String present(String field, @Nullable String value) {
    if (value == null) {
      throw flaw(field, "must be there in the scope " + scope.code());
    }
    return value;
  }

  private static ProblemException flaw(String field, String why) {
    return new ProblemException(Problem.ofField(ProblemType.INVALID_FIELD, "/" + field, why));
  }
}
