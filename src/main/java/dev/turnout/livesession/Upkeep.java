package dev.turnout.livesession;

import dev.turnout.settings.LiveSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a living process has served its time: a pure rule. */
final class Upkeep {
  private Upkeep() {}

  /** Why it should retire now, if it should. */
  static Optional<CloseReason> due(
      LiveState state, Instant startedAt, int turns, LiveSettings settings, Instant now) {
    if (state instanceof LiveState.Draining || state instanceof LiveState.Closed) {
      return Optional.empty(); // It goes already.
    }
    if (turns >= settings.maxTurns()) {
      return Optional.of(CloseReason.MAX_TURNS);
    }
    if (!Duration.between(startedAt, now).minus(settings.maxAge()).isNegative()) {
      return Optional.of(CloseReason.MAX_AGE);
    }
    boolean idle =
        state instanceof LiveState.Ready(var since)
            && !Duration.between(since, now).minus(settings.idleClose()).isNegative();
    return idle ? Optional.of(CloseReason.IDLE) : Optional.empty();
  }
}
