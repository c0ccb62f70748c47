package dev.turnout.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * Which lines to read; what is absent restricts nothing.
 *
 * @param who the id or the name of a key
 * @param action an action, or the thing before its dot: {@code cooldown} is all that was done to
 *     cooldowns
 * @param from the earliest time, itself included
 * @param to the time before which all lie
 */
public record AuditFilter(
    Optional<String> who,
    Optional<String> action,
    Optional<String> target,
    Optional<Instant> from,
    Optional<Instant> to) {
  /** All lines. */
  public static final AuditFilter ALL =
      new AuditFilter(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
