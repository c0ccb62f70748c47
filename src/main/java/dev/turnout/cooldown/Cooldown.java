package dev.turnout.cooldown;

import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The failures in a row of one key, and the rest that they led to. A value: what happens makes
 * another one. It ends with a success or by a person's hand; the mere end of a rest leaves it, so
 * that the next failure finds the ladder where it was.
 *
 * @param failure the one that its rest is owed to, with the evidence
 * @param failures how many in a row
 * @param step how many rests in a row; 0 while there are too few failures for one
 * @param firstAt when the row of failures began
 * @param lastAt when the latest came
 * @param steppedAt when the current rest began
 * @param until when it ends
 * @param probeNeeded whether one attempt alone may find out what comes after it
 * @param probe who does so
 * @param avoided how many attempts it has saved
 */
public record Cooldown(
    UUID id,
    CooldownKey key,
    Failure failure,
    int failures,
    int step,
    Instant firstAt,
    Instant lastAt,
    Optional<Instant> steppedAt,
    Optional<Instant> until,
    boolean probeNeeded,
    Optional<Probe> probe,
    long avoided) {

  /** Failures farther apart are not in a row, as long as nothing rests for them. */
  private static final Duration ROW = Duration.ofMinutes(10);

  /** Who finds out, and until when nobody else does. */
  public record Probe(String owner, Instant until) {}

  /** The first failure of its key. */
  static Cooldown begun(UUID id, CooldownKey key, Failure failure, RestRule rule, Instant now) {
    return new Cooldown(
            id,
            key,
            failure,
            0,
            0,
            now,
            now,
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            0)
        .failed(failure, rule, now, now);
  }

  /**
   * One more failure.
   *
   * @param startedAt when the attempt began: failures of attempts that were under way when the rest
   *     began are the same blow, and do not make it longer
   */
  Cooldown failed(Failure next, RestRule rule, Instant startedAt, Instant now) {
    boolean sameBlow =
        rests(now) || steppedAt.filter(stepped -> !startedAt.isAfter(stepped)).isPresent();
    if (sameBlow) {
      return lengthened(next, rule, now);
    }
    boolean inRow = step > 0 || !lastAt.plus(ROW).isBefore(now);
    int row = inRow ? failures + 1 : 1;
    if (row < rule.after() && step == 0) {
      return new Cooldown(
          id,
          key,
          next,
          row,
          0,
          inRow ? firstAt : now,
          now,
          Optional.empty(),
          Optional.empty(),
          false,
          Optional.empty(),
          avoided);
    }
    return new Cooldown(
        id,
        key,
        next,
        row,
        step + 1,
        firstAt,
        now,
        Optional.of(now),
        Optional.of(later(until, rule.end(step + 1, next.retryAt(), now))),
        rule.probed(),
        Optional.empty(),
        avoided);
  }

  /** Only the provider's own word makes a running rest longer; nothing makes it shorter. */
  private Cooldown lengthened(Failure next, RestRule rule, Instant now) {
    var named = next.retryAt().map(at -> rule.end(step, Optional.of(at), now));
    if (named.isEmpty() || until.filter(end -> !end.isBefore(named.get())).isPresent()) {
      return this;
    }
    return new Cooldown(
        id,
        key,
        next,
        failures + 1,
        step,
        firstAt,
        now,
        steppedAt,
        named,
        rule.probed(),
        Optional.empty(),
        avoided);
  }

  private static Instant later(Optional<Instant> one, Instant other) {
    return one.filter(at -> at.isAfter(other)).orElse(other);
  }

  /** Whether nothing of this key is asked now, not even to find out. */
  public boolean rests(Instant now) {
    return until.filter(now::isBefore).isPresent();
  }

  /** What it means for an attempt now. */
  public Standing standing(Instant now) {
    if (rests(now)) {
      return new Standing.Resting(this, until.orElse(now));
    }
    if (step == 0 || !probeNeeded) {
      return new Standing.Free();
    }
    return probe
        .filter(held -> now.isBefore(held.until()))
        .<Standing>map(held -> new Standing.Resting(this, held.until()))
        .orElseGet(() -> new Standing.ToProbe(List.of(this)));
  }

  /** The reason with which a candidate is skipped for it. */
  public FailureReason reason() {
    return failure.reason();
  }
}
