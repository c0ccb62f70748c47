package dev.turnout.routing;

import dev.turnout.cooldown.Standing;
import dev.turnout.failure.Failure;
import dev.turnout.settings.FallbackSettings;
import dev.turnout.turn.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Everything that the next decision rests on.
 *
 * @param lastResort those of the chain that are asked in spite of a rest when nobody else is left
 * @param steps what became of candidates so far, in this order
 * @param waited how long the turn has paused before retries
 * @param jitter from 0 to 1: spreads the retries of turns that failed together
 */
record Situation(
    List<Candidate> chain,
    Set<Candidate> lastResort,
    List<Step> steps,
    Standings standings,
    FallbackSettings limits,
    Duration waited,
    double jitter,
    Instant now) {
  Situation {
    chain = List.copyOf(chain);
    lastResort = Set.copyOf(lastResort);
    steps = List.copyOf(steps);
  }

  /** Whether candidates may be asked. */
  interface Standings {
    Standing of(Candidate candidate, Instant at);
  }

  /** What became of a candidate. */
  sealed interface Step {
    Candidate candidate();

    /**
     * It was asked.
     *
     * @param effects whether the agent may have acted, or the caller have read something
     * @param resumed whether it went on with a conversation that the backend was to remember
     */
    record Tried(Candidate candidate, Failure failure, boolean effects, boolean resumed)
        implements Step {}

    /** It rested and was not asked. */
    record Skipped(Candidate candidate, Failure failure) implements Step {}

    Failure failure();
  }
}
