package dev.turnout.routing;

import dev.turnout.cooldown.Standing;
import dev.turnout.failure.Failure;
import dev.turnout.turn.Candidate;
import java.time.Duration;
import java.util.Optional;

/** What to do next with a turn. */
sealed interface FallbackDecision {
  /** Who it is about; empty when the turn is given up. */
  default Optional<Candidate> about() {
    return switch (this) {
      case Try(var candidate) -> Optional.of(candidate);
      case Probe(var candidate, _) -> Optional.of(candidate);
      case Skip(var candidate, _) -> Optional.of(candidate);
      case Bar(var candidate, _) -> Optional.of(candidate);
      case StartAfresh(var candidate) -> Optional.of(candidate);
      case RetrySame(var candidate, _, _) -> Optional.of(candidate);
      case GiveUp _ -> Optional.empty();
    };
  }

  record Try(Candidate candidate) implements FallbackDecision {}

  /** Ask it if nobody else is finding out whether its rest has helped. */
  record Probe(Candidate candidate, Standing.ToProbe standing) implements FallbackDecision {}

  /** Do not ask it: it rests. */
  record Skip(Candidate candidate, Standing.Resting standing) implements FallbackDecision {}

  /** Do not ask it: the operator lets nobody. */
  record Bar(Candidate candidate, Failure why) implements FallbackDecision {}

  /** Ask the same candidate once more, as in a new conversation: it lost the one we resumed. */
  record StartAfresh(Candidate candidate) implements FallbackDecision {}

  /**
   * Ask the same candidate once more after a pause.
   *
   * @param resuming as the failed attempt did: a conversation that it began itself and then failed
   *     in may not be there, and would hold the question twice
   */
  record RetrySame(Candidate candidate, Duration after, boolean resuming)
      implements FallbackDecision {}

  record GiveUp(Failure failure) implements FallbackDecision {}
}
