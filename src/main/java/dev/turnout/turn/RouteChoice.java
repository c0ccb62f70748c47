package dev.turnout.turn;

import java.util.List;
import java.util.Optional;

/**
 * What the caller of a turn chose of those who could answer it. A choice is strict: whoever was
 * chosen answers, or the turn fails.
 *
 * @param chain the candidates of this turn alone, in the order of preference; nothing else is
 *     chosen beside it
 * @param language the BCP 47 tag of the language in which the caller is told what failed; decides
 *     nothing about who answers
 */
public record RouteChoice(
    Optional<String> model,
    Optional<BackendId> backend,
    Optional<AuthProfileId> authProfile,
    List<Candidate> chain,
    Optional<String> language) {
  /** Nothing: the agent's own chain answers. */
  public static final RouteChoice NONE =
      new RouteChoice(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

  public RouteChoice {
    chain = List.copyOf(chain);
  }

  /** Who answers, and nothing else. */
  public RouteChoice(
      Optional<String> model,
      Optional<BackendId> backend,
      Optional<AuthProfileId> authProfile,
      List<Candidate> chain) {
    this(model, backend, authProfile, chain, Optional.empty());
  }

  /** A model, and nothing else. */
  public static RouteChoice ofModel(Optional<String> model) {
    return new RouteChoice(model, Optional.empty(), Optional.empty(), List.of());
  }

  /** The same with this credential, unless another one or a chain was chosen. */
  public RouteChoice orProfile(Optional<AuthProfileId> profile) {
    return chain.isEmpty() && authProfile.isEmpty()
        ? new RouteChoice(model, backend, profile, chain, language)
        : this;
  }

  /** The same, told in this language. */
  public RouteChoice in(Optional<String> tag) {
    return new RouteChoice(model, backend, authProfile, chain, tag);
  }

  /** Whether a turn that chose so may be told to an agent that answers one that chose the other. */
  public boolean goesWith(RouteChoice other) {
    return !isStrict() || in(Optional.empty()).equals(other.in(Optional.empty()));
  }

  /** Whether anything was chosen of who may answer. */
  public boolean isStrict() {
    return !in(Optional.empty()).equals(NONE);
  }
}
