package dev.turnout.turn;

import java.util.List;
import java.util.Optional;

/**
 * What passes between a running attempt and the people outside. The attempt's own thread calls it,
 * again and again while it waits for its agent; nothing of it blocks.
 */
public interface Outside {
  /** For an attempt that nobody follows: who asks there hears no answer but no. */
  Outside NOBODY =
      new Outside() {
        @Override
        public boolean ask(Question question) {
          return false;
        }

        @Override
        public void withdraw(String question) {}

        @Override
        public List<Answer> answers() {
          return List.of();
        }
      };

  /** Puts a question before whoever follows the turn; false when there is nobody. */
  boolean ask(Question question);

  /** The agent waits no longer for the answer to this question. */
  void withdraw(String question);

  /** The answers that came since the last call. Each question has one, at its deadline the last. */
  List<Answer> answers();

  /**
   * An answer.
   *
   * @param reason what whoever gave it said of it
   */
  record Answer(String question, PermissionOutcome outcome, Optional<String> reason) {
    public boolean allows() {
      return outcome == PermissionOutcome.ALLOWED;
    }
  }
}
