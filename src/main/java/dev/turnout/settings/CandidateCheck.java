package dev.turnout.settings;

import dev.turnout.settings.AuthProfileSettings.CredentialKind;
import dev.turnout.settings.AuthProfileSettings.UsableBy;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What has to hold of a candidate, whether an operator or a caller names it. */
public final class CandidateCheck {
  private CandidateCheck() {}

  /** The part of a candidate that a flaw is in. */
  public enum Part {
    BACKEND,
    MODEL,
    AUTH_PROFILE
  }

  /**
   * Why a candidate could never answer.
   *
   * @param given what was written there
   * @param expected what is allowed there
   */
  public record Flaw(Part part, String given, String expected) {}

  /** All that is wrong with it under these settings; empty when it can be asked. */
  public static List<Flaw> flaws(Candidate candidate, Settings settings) {
    return flaws(candidate, settings.backends(), settings.authProfiles());
  }

  static List<Flaw> flaws(
      Candidate candidate,
      Map<BackendId, BackendSettings> backends,
      Map<AuthProfileId, AuthProfileSettings> profiles) {
    var flaws = new ArrayList<Flaw>();
    var backend = backends.get(candidate.backend());
    if (backend == null) {
      flaws.add(new Flaw(Part.BACKEND, candidate.backend().value(), "one of " + names(backends)));
    }
    var named = candidate.authProfile();
    if (named.isPresent() && !profiles.containsKey(named.get())) {
      flaws.add(new Flaw(Part.AUTH_PROFILE, named.get().value(), "one of " + names(profiles)));
    }
    candidate
        .model()
        .filter(model -> !isName(model))
        .ifPresent(
            model ->
                flaws.add(
                    new Flaw(
                        Part.MODEL,
                        "(not shown)",
                        "a name that does not begin with a dash and has no control characters")));
    if (backend instanceof BackendSettings.Api api) {
      ofApi(candidate, api, profiles, flaws);
    }
    if (backend != null) {
      named
          .map(profiles::get)
          .filter(profile -> !profile.isUsableBy(backend))
          .ifPresent(
              profile ->
                  flaws.add(
                      new Flaw(
                          Part.AUTH_PROFILE,
                          profile.id().value(),
                          "a profile whose runtimes have "
                              + UsableBy.of(backend).code()
                              + ", which is what backend "
                              + backend.id()
                              + " is")));
    }
    return flaws;
  }

  /** A CLI would read what begins with a dash as an option of its own. */
  private static boolean isName(String model) {
    return !model.startsWith("-") && model.chars().noneMatch(Character::isISOControl);
  }

  /** What a model API cannot do without; else every turn would fail of it. */
  private static void ofApi(
      Candidate candidate,
      BackendSettings.Api api,
      Map<AuthProfileId, AuthProfileSettings> profiles,
      List<Flaw> flaws) {
    if (candidate.model().or(api::defaultModel).isEmpty()) {
      flaws.add(
          new Flaw(
              Part.MODEL, "(absent)", "a model, here or as default-model of backend " + api.id()));
    }
    var named = candidate.authProfile();
    if (named.isEmpty()) {
      flaws.add(
          new Flaw(
              Part.AUTH_PROFILE, "(absent)", "an auth profile: " + api.id() + " is a model API"));
    }
    named
        .map(profiles::get)
        .filter(p -> p.secret().isEmpty() || p.kind() == CredentialKind.SUBSCRIPTION)
        .ifPresent(
            p ->
                flaws.add(
                    new Flaw(
                        Part.AUTH_PROFILE,
                        p.id().value(),
                        "a profile with a secret that is no subscription: a subscription pays for"
                            + " the provider's own CLI alone")));
  }

  private static String names(Map<?, ?> map) {
    return map.keySet().stream().map(Object::toString).sorted().toList().toString();
  }
}
