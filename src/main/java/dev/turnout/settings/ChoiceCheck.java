package dev.turnout.settings;

import dev.turnout.turn.Candidate;
import dev.turnout.turn.RouteChoice;
import java.util.HashSet;
import java.util.Optional;

/** Whether what a caller chose could answer at all: asked before anything is written. */
public final class ChoiceCheck {
  private ChoiceCheck() {}

  /**
   * Why a choice could never be answered.
   *
   * @param field the part of the request that says it, as a JSON pointer
   */
  public record Flaw(String field, String why) {}

  /** What does not hold, by the field of the submission that says it. */
  public static Optional<Flaw> flaw(RouteChoice choice, AgentSettings agent, Settings settings) {
    if (!choice.isStrict()) {
      return Optional.empty();
    }
    return choice.chain().isEmpty() ? ofParts(choice, agent, settings) : ofChain(choice, settings);
  }

  private static Optional<Flaw> ofParts(
      RouteChoice choice, AgentSettings agent, Settings settings) {
    for (var link : agent.linksFor(choice)) {
      for (var candidate : link.candidates()) {
        var flaw = flaw("", candidate, settings);
        if (flaw.isPresent()) {
          return flaw;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Flaw> ofChain(RouteChoice choice, Settings settings) {
    if (choice.model().or(() -> choice.backend().map(Object::toString)).isPresent()
        || choice.authProfile().isPresent()) {
      return Optional.of(
          new Flaw(
              "/chain",
              "must not stand beside model, backend or authProfile: it names them itself"));
    }
    var seen = new HashSet<Candidate>();
    for (int i = 0; i < choice.chain().size(); i++) {
      var candidate = choice.chain().get(i);
      var place = "/chain/" + i;
      if (!seen.add(candidate)) {
        return Optional.of(new Flaw(place, "must not repeat an earlier entry"));
      }
      var flaw = flaw(place, candidate, settings);
      if (flaw.isPresent()) {
        return flaw;
      }
    }
    return Optional.empty();
  }

  private static Optional<Flaw> flaw(String place, Candidate candidate, Settings settings) {
    var flaws = CandidateCheck.flaws(candidate, settings);
    if (!flaws.isEmpty()) {
      var flaw = flaws.getFirst();
      var field =
          switch (flaw.part()) {
            case BACKEND -> "/backend";
            case MODEL -> "/model";
            case AUTH_PROFILE -> "/authProfile";
          };
      return Optional.of(
          new Flaw(place + field, "is " + flaw.given() + " and must be " + flaw.expected()));
    }
    return candidate
        .authProfile()
        .flatMap(settings::authProfile)
        .filter(profile -> !profile.enabled())
        .map(AuthProfileSettings::id)
        .map(id -> new Flaw(place + "/authProfile", "is disabled: " + id));
  }
}
