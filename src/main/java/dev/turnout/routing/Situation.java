package dev.turnout.routing;

import dev.turnout.cooldown.Standing;
import dev.turnout.failure.Failure;
import dev.turnout.settings.FallbackSettings;
import dev.turnout.turn.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that the next decision rests on.
 *
 * @param voidable the most that an attempt may have left behind for somebody to begin anew
 * @param steps what became of candidates so far, in this order
 * @param waited how long the turn has paused before retries
 * @param jitter from 0 to 1: spreads the retries of turns that failed together
 */
record Situation(
    Chains chains,
    Traces voidable,
    List<Step> steps,
    Standings standings,
    FallbackSettings limits,
    Duration waited,
    double jitter,
    Instant now) {
  Situation {
    steps = List.copyOf(steps);
  }

  /** Whether candidates may be asked. */
  interface Standings {
    Standing of(Candidate candidate, Instant at);

    /** Why the operator lets nobody ask it, if so. */
    default Optional<Failure> barred(Candidate candidate) {
      return Optional.empty();
    }
  }

  /** What became of a candidate. */
  sealed interface Step {
    Candidate candidate();

    /**
     * It was asked.
     *
     * @param traces what it left behind
     * @param resumed whether it went on with a conversation that the backend was to remember
     */
    record Tried(Candidate candidate, Failure failure, Traces traces, boolean resumed)
        implements Step {}

    /** It rested and was not asked. */
    record Skipped(Candidate candidate, Failure failure) implements Step {}

    /** The operator lets nobody ask it. */
    record Barred(Candidate candidate, Failure failure) implements Step {}

    Failure failure();
  }
}
