package dev.turnout.turn;

import dev.turnout.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One candidate of a turn and what became of it, as it is reported with the turn.
 *
 * @param runtime how the backend works: {@code cli} or {@code api}; absent when it was never found
 * @param failure absent on the attempt that answered
 * @param skipped whether it was not asked, because it rested or was disabled; the failure says why
 * @param voided whether it had begun to answer or to act, and somebody else began anew
 * @param live the living process that served it, if one did
 */
public record Attempt(
    Candidate candidate,
    Optional<String> runtime,
    Instant startedAt,
    Duration took,
    Optional<Failure> failure,
    boolean skipped,
    boolean voided,
    Optional<LiveUse> live) {
  /** One that no living process served. */
  public Attempt(
      Candidate candidate,
      Optional<String> runtime,
      Instant startedAt,
      Duration took,
      Optional<Failure> failure,
      boolean skipped,
      boolean voided) {
    this(candidate, runtime, startedAt, took, failure, skipped, voided, Optional.empty());
  }

  /** The same when somebody else began anew. */
  public Attempt madeVoid() {
    return new Attempt(candidate, runtime, startedAt, took, failure, skipped, true, live);
  }

  /** The same, served by this process. */
  public Attempt servedBy(Optional<LiveUse> process) {
    return new Attempt(candidate, runtime, startedAt, took, failure, skipped, voided, process);
  }
}
