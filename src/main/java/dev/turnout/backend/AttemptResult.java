package dev.turnout.backend;

import dev.turnout.failure.FailureSignal;
import dev.turnout.turn.Answer;
import java.util.Optional;

/** How one attempt ended. */
public sealed interface AttemptResult {
  /**
   * The backend answered.
   *
   * @param sessionRef the backend's own id of the conversation, to be resumed by the next turn
   */
  record Answered(Answer answer, Optional<String> sessionRef) implements AttemptResult {}

  /**
   * It did not.
   *
   * @param sessionRef the backend's own id when it gave one before it failed and can still resume
   */
  record Failed(FailureSignal signal, Optional<String> sessionRef) implements AttemptResult {
    public Failed {
      // What the backend does not know it cannot resume, whoever hands the id on.
      sessionRef = signal instanceof FailureSignal.SessionUnknown ? Optional.empty() : sessionRef;
    }

    public static Failed of(FailureSignal signal) {
      return new Failed(signal, Optional.empty());
    }
  }

  /** We ended it ourselves, by interrupting the thread. */
  record Aborted() implements AttemptResult {}
}
