package dev.turnout.admin;

import dev.turnout.cooldown.CooldownFilter;
import dev.turnout.cooldown.CooldownScope;
import dev.turnout.failure.FailureReason;
import dev.turnout.http.Problem;
import dev.turnout.http.ProblemException;
import jakarta.ws.rs.QueryParam;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** Which cooldowns a caller wants to see. */
class CooldownParameters {
  @Parameter(description = "`payment`, `sign_in`, `quota`, `service` or `model`.")
  @QueryParam("scope")
  @Nullable String scope;

  @Parameter(description = "An auth profile, or `~` and a backend for that backend's own log-in.")
  @QueryParam("account")
  @Nullable String account;

  @QueryParam("backend")
  @Nullable String backend;

  @Parameter(description = "`cli` or `api`.")
  @QueryParam("runtime")
  @Nullable String runtime;

  @QueryParam("model")
  @Nullable String model;

  @QueryParam("lane")
  @Nullable String lane;

  @Parameter(description = "A code of a failure.", example = "billing")
  @QueryParam("reason")
  @Nullable String reason;

  @Parameter(description = "`true`: only what rests now; `false`: only what does not.")
  @QueryParam("resting")
  @Nullable String resting;

  CooldownFilter filter() {
    return new CooldownFilter(
        oneOf("scope", scope, CooldownScope.values(), CooldownScope::code),
        text("account", account),
        text("backend", backend),
        oneOf("runtime", runtime, new String[] {"cli", "api"}, code -> code),
        text("model", model),
        text("lane", lane),
        oneOf("reason", reason, FailureReason.values(), FailureReason::code),
        oneOf("resting", resting, new Boolean[] {true, false}, String::valueOf));
  }

  private static <T> Optional<T> oneOf(
      String name, @Nullable String value, T[] all, Function<T, String> code) {
    if (value == null) {
      return Optional.empty();
    }
    return Optional.of(
        Arrays.stream(all)
            .filter(one -> code.apply(one).equals(value))
            .findFirst()
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.ofParameter(
                            name,
                            "must be one of "
                                + Arrays.stream(all)
                                    .map(code)
                                    .collect(Collectors.joining(", "))))));
  }

  private static Optional<String> text(String name, @Nullable String value) {
    if (value != null && (value.length() > 300 || value.indexOf('\0') >= 0)) {
      throw new ProblemException(Problem.ofParameter(name, "must have at most 300 characters"));
    }
    return Optional.ofNullable(value);
  }
}
