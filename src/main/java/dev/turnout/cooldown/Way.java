package dev.turnout.cooldown;

import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.LaneId;
import java.util.Optional;

/**
 * A candidate as cooldowns see it.
 *
 * @param account the auth profile, or the log-in of the backend's own installation
 * @param runtime {@code cli} or {@code api}: a provider may take money for one of an account and
 *     refuse the other
 * @param model the model that will answer; empty where only the backend knows which
 */
public record Way(String account, BackendId backend, String runtime, String model, LaneId lane) {

  /**
   * The way that this candidate takes.
   *
   * @param defaultModel what the backend takes when the candidate names no model
   */
  public static Way of(
      Candidate candidate, String runtime, Optional<String> defaultModel, LaneId lane) {
    return new Way(
        candidate.authProfile().map(AuthProfileId::value).orElse("~" + candidate.backend()),
        candidate.backend(),
        runtime,
        candidate.model().or(() -> defaultModel).orElse(""),
        lane);
  }
}
