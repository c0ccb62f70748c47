package dev.turnout.routing;

import dev.turnout.failure.Failure;
import dev.turnout.turn.Candidate;

/** What to do next with a turn. */
sealed interface FallbackDecision {
  record Try(Candidate candidate) implements FallbackDecision {}

  /** Ask the same candidate once more, as in a new conversation: it lost the one we resumed. */
  record StartAfresh(Candidate candidate) implements FallbackDecision {}

  record GiveUp(Failure failure) implements FallbackDecision {}
}
