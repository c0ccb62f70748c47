package dev.turnout.settings;

import java.time.Duration;
import java.util.Optional;

/**
 * How long what is over is kept; empty for ever.
 *
 * @param turns turns that have ended, from their end on; an hour or longer
 * @param audit lines of the audit trail; thirty days or longer
 */
public record RetentionSettings(Optional<Duration> turns, Optional<Duration> audit) {
  /** Everything for ever. */
  public static final RetentionSettings FOR_EVER =
      new RetentionSettings(Optional.empty(), Optional.empty());
}
