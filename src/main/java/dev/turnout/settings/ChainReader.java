package dev.turnout.settings;

import dev.turnout.settings.ChainLink.Rotation;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the chains of agents, and says what in them could never answer. */
final class ChainReader {
  private final Violations violations;
  private final Set<String> writtenBackends;
  private final Map<BackendId, BackendSettings> backends;
  private final Map<AuthProfileId, AuthProfileSettings> profiles;

  /**
   * Over what was read before.
   *
   * @param writtenBackends those that are named, the ones among them that could not be read too
   */
  ChainReader(
      Violations violations,
      Set<String> writtenBackends,
      Map<BackendId, BackendSettings> backends,
      Map<AuthProfileId, AuthProfileSettings> profiles) {
    this.violations = violations;
    this.writtenBackends = writtenBackends;
    this.backends = backends;
    this.profiles = profiles;
  }

  /** The chain under this key. */
  List<ChainLink> read(String key, List<TurnoutConfig.Link> links) {
    var chain = new ArrayList<ChainLink>();
    for (int i = 0; i < links.size(); i++) {
      chain.add(link(key + "[" + i + "]", links.get(i)));
    }
    return chain;
  }

  private ChainLink link(String key, TurnoutConfig.Link link) {
    var several = link.authProfiles().filter(names -> !names.isEmpty());
    violations.mustBeAbsent(
        key + ".auth-profile",
        link.authProfile().isPresent() && several.isPresent(),
        "auth-profiles says it");
    var names = several.orElseGet(() -> link.authProfile().stream().toList());
    if (names.stream().distinct().count() < names.size()) {
      violations.add(key + ".auth-profiles", names.toString(), "each of them once");
    }
    var rotation = violations.oneOf(key + ".rotation", link.rotation(), Rotation.class);
    var read =
        new ChainLink(
            new BackendId(link.backend()),
            link.model(),
            names.stream().distinct().map(AuthProfileId::new).toList(),
            rotation.orElse(Rotation.ORDER),
            link.lastResort());
    var profileKey = key + (several.isPresent() ? ".auth-profiles" : ".auth-profile");
    read.candidates().stream()
        .flatMap(candidate -> flaws(candidate).stream())
        .distinct()
        .forEach(
            flaw -> violations.add(place(key, profileKey, flaw), flaw.given(), flaw.expected()));
    return read;
  }

  /** A backend that is named but could not be read has said so itself. */
  private List<CandidateCheck.Flaw> flaws(Candidate candidate) {
    boolean told =
        writtenBackends.contains(candidate.backend().value())
            && !backends.containsKey(candidate.backend());
    return CandidateCheck.flaws(candidate, backends, profiles).stream()
        .filter(flaw -> !told || flaw.part() != CandidateCheck.Part.BACKEND)
        .toList();
  }

  private static String place(String key, String profileKey, CandidateCheck.Flaw flaw) {
    return switch (flaw.part()) {
      case BACKEND -> key + ".backend";
      case MODEL -> key + ".model";
      case AUTH_PROFILE -> profileKey;
    };
  }

  /** The agent that is there without being configured. */
  static List<ChainLink> demo() {
    var demo = new Candidate(new BackendId("demo"), Optional.empty(), Optional.empty());
    return List.of(ChainLink.of(demo, false));
  }
}
