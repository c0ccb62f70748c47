package dev.turnout.turn;

import java.util.Optional;

/**
 * One way to answer: a backend, the model it shall use, and the credential it shall use it with.
 * Without a model the backend's own default answers; without a profile the backend runs on what its
 * own installation is logged in to.
 */
public record Candidate(
    BackendId backend, Optional<String> model, Optional<AuthProfileId> authProfile) {

  @Override
  public String toString() {
    return backend
        + model.map(m -> "/" + m).orElse("")
        + authProfile.map(profile -> " as " + profile).orElse("");
  }
}
