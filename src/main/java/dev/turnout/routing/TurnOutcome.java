package dev.turnout.routing;

import dev.turnout.failure.Failure;
import dev.turnout.turn.Answer;
import dev.turnout.turn.Attempt;
import java.util.List;

/** How routing a turn ended. */
public sealed interface TurnOutcome {
  List<Attempt> attempts();

  record Answered(Answer answer, List<Attempt> attempts) implements TurnOutcome {}

  /**
   * Nobody answered, or nobody else may be asked.
   *
   * @param failure why, as the caller is told
   * @param partial what had been said before
   */
  record Exhausted(Failure failure, List<Attempt> attempts, String partial)
      implements TurnOutcome {}

  /** The run was interrupted; whoever did it knows why. */
  record Aborted(List<Attempt> attempts, String partial) implements TurnOutcome {}
}
