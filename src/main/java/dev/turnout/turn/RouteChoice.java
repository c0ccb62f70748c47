package dev.turnout.turn;

import java.util.List;
import java.util.Optional;

/**
 * What the caller of a turn chose of those who could answer it. A choice is strict: whoever was
 * chosen answers, or the turn fails.
 *
 * @param chain the candidates of this turn alone, in the order of preference; nothing else is
 *     chosen beside it
 */
public record RouteChoice(
    Optional<String> model,
    Optional<BackendId> backend,
    Optional<AuthProfileId> authProfile,
    List<Candidate> chain) {
  /** Nothing: the agent's own chain answers. */
  public static final RouteChoice NONE =
      new RouteChoice(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

  public RouteChoice {
    chain = List.copyOf(chain);
  }

  /** A model, and nothing else. */
  public static RouteChoice ofModel(Optional<String> model) {
    return new RouteChoice(model, Optional.empty(), Optional.empty(), List.of());
  }

  /** The same with this credential, unless another one or a chain was chosen. */
  public RouteChoice orProfile(Optional<AuthProfileId> profile) {
    return chain.isEmpty() && authProfile.isEmpty()
        ? new RouteChoice(model, backend, profile, chain)
        : this;
  }

  /** Whether anything was chosen. */
  public boolean isStrict() {
    return !equals(NONE);
  }
}
