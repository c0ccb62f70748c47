package dev.turnout.routing;

import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.settings.Settings;
import dev.turnout.turn.Candidate;
import java.util.Optional;

/**
 * What the operator forbids. Turns and probes ask the same two questions, so that a probe cannot
 * spend what no turn may.
 */
public final class Permission {
  private Permission() {}

  /** Why nobody may ask this candidate at all, if so. */
  public static Optional<Failure> missing(Settings settings, Candidate candidate) {
    return disabled(settings, candidate).or(() -> otherRuntime(settings, candidate));
  }

  /** Its credential is out of use. */
  static Optional<Failure> disabled(Settings settings, Candidate candidate) {
    return candidate
        .authProfile()
        .flatMap(settings::authProfile)
        .filter(profile -> !profile.enabled())
        .map(
            profile ->
                Failure.of(
                    FailureReason.BACKEND_CONFIG_MISSING,
                    "config.profile_disabled",
                    "not asked: auth profile " + profile.id() + " is disabled"));
  }

  /** Its credential is not for a backend of this sort. */
  static Optional<Failure> otherRuntime(Settings settings, Candidate candidate) {
    var backend = settings.backend(candidate.backend());
    return candidate
        .authProfile()
        .flatMap(settings::authProfile)
        .filter(profile -> backend.filter(b -> !profile.isUsableBy(b)).isPresent())
        .map(
            profile ->
                Failure.of(
                    FailureReason.BACKEND_CONFIG_MISSING,
                    "config.profile_runtime",
                    "auth profile " + profile.id() + " is not for backend " + candidate.backend()));
  }
}
