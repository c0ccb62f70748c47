package dev.turnout.cooldown;

import java.util.Optional;

/**
 * What can cure a cooldown, as a digest: the secret of its account where it was not let in, the
 * settings of its backends where a model was not found. Nothing can be read back from it.
 */
@FunctionalInterface
public interface Fingerprints {
  /** Nothing is known of anything: no cooldown ends but by a success or a person. */
  Fingerprints NONE = (_, _) -> Optional.empty();

  /**
   * As it is now; empty where that is not known, or where nothing of ours could cure it.
   *
   * @param salt so that the same secret has another digest at each failure
   */
  Optional<String> of(CooldownKey key, byte[] salt);
}
