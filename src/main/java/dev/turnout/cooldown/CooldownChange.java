package dev.turnout.cooldown;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * One line of the history of a cooldown.
 *
 * @param who the person behind it, where there is one
 */
public record CooldownChange(
    UUID cooldown,
    CooldownKey key,
    Kind kind,
    Instant at,
    String reason,
    String rule,
    Optional<String> excerpt,
    int step,
    Optional<Instant> until,
    Optional<String> who,
    Optional<String> why) {

  /** What happened to it. */
  public enum Kind {
    /** A rest began, or became longer. */
    RESTED,
    /** An attempt went first after the rest. */
    PROBED,
    /** That attempt was answered: others may go too. */
    ANSWERED,
    /** An attempt succeeded: it is over. */
    RECOVERED,
    /** A person made it. */
    CREATED,
    /** A person ended it. */
    CLEARED,
    /** Its account has another secret than the one that was not let in. */
    CREDENTIAL_CHANGED,
    /** Its backends have other settings than those that named a model in vain. */
    CONFIG_CHANGED;

    /** The stable snake_case name used in the API and in SQL. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
