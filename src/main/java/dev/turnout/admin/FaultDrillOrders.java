package dev.turnout.admin;

import dev.turnout.drill.Order;
import dev.turnout.failure.FailureReason;
import dev.turnout.http.Problem;
import dev.turnout.http.ProblemException;
import dev.turnout.http.ProblemType;
import dev.turnout.routing.Permission;
import dev.turnout.settings.Settings;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads the order of a fault drill. A name that nobody has would make a drill of nothing. */
final class FaultDrillOrders {
  private FaultDrillOrders() {}

  static Order read(FaultDrillBody.Make body, Settings settings) {
    var backend = Optional.ofNullable(body.backend()).map(BackendId::new);
    var profile = Optional.ofNullable(body.authProfile()).map(AuthProfileId::new);
    if (backend.isEmpty() && profile.isEmpty()) {
      throw refused("/backend", "must be there, or authProfile");
    }
    if (backend.isPresent() && settings.backend(backend.get()).isEmpty()) {
      throw refused("/backend", "is not a configured backend");
    }
    if (profile.isPresent() && settings.authProfile(profile.get()).isEmpty()) {
      throw refused("/authProfile", "is not a configured auth profile");
    }
    backend
        .flatMap(id -> profile.flatMap(p -> neverTogether(id, p, settings)))
        .ifPresent(
            why -> {
              throw refused("/authProfile", why);
            });
    if (body.turns() == null && body.seconds() == null) {
      throw refused("/turns", "must be there, or seconds: a drill has an end");
    }
    return new Order(
        backend,
        profile,
        reason(body.reason()),
        Optional.ofNullable(body.tenant()).map(TenantId::new),
        sessions(Optional.ofNullable(body.sessions()).orElse(List.of())),
        agents(Optional.ofNullable(body.agents()).orElse(List.of()), settings),
        Boolean.TRUE.equals(body.cooldowns()),
        Optional.ofNullable(body.note()),
        Optional.ofNullable(body.turns()).map(OptionalInt::of).orElseGet(OptionalInt::empty),
        Optional.ofNullable(body.seconds()).map(Duration::ofSeconds).orElse(Order.LONGEST));
  }

  /** A drill of attempts that nobody may make: neither an agent nor a caller who chooses. */
  private static Optional<String> neverTogether(
      BackendId backend, AuthProfileId profile, Settings settings) {
    var pair = new Candidate(backend, Optional.empty(), Optional.of(profile));
    return Permission.missing(settings, pair)
        .map(why -> "is never asked with backend " + backend + ": " + why.summary());
  }

  private static FailureReason reason(String code) {
    var allowed = Arrays.stream(FailureReason.values()).filter(Order::canFailWith).toList();
    return allowed.stream()
        .filter(reason -> reason.code().equals(code))
        .findFirst()
        .orElseThrow(
            () ->
                refused(
                    "/reason",
                    "must be one of " + allowed.stream().map(FailureReason::code).toList()));
  }

  private static Set<SessionKey> sessions(List<String> keys) {
    var sessions = new HashSet<SessionKey>();
    for (int i = 0; i < keys.size(); i++) {
      int at = i;
      SessionKey.flaw(keys.get(i))
          .ifPresent(
              flaw -> {
                throw refused("/sessions/" + at, flaw);
              });
      sessions.add(new SessionKey(keys.get(i)));
    }
    return sessions;
  }

  private static Set<AgentId> agents(List<String> names, Settings settings) {
    var agents = new HashSet<AgentId>();
    for (int i = 0; i < names.size(); i++) {
      var id = new AgentId(names.get(i));
      if (settings.agent(id).isEmpty()) {
        throw refused("/agents/" + i, "is not a configured agent");
      }
      agents.add(id);
    }
    return agents;
  }

  private static ProblemException refused(String field, String why) {
    return new ProblemException(Problem.ofField(ProblemType.INVALID_FIELD, field, why));
  }
}
