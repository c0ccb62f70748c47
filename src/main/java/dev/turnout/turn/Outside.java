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

        @Override
        public void hears(boolean messages) {}

        @Override
        public void isDeaf(SteerRefusal why) {}

        @Override
        public List<Message> messages() {
          return List.of();
        }

        @Override
        public void took(TurnId message, boolean taken) {}

        @Override
        public List<String> said() {
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
   * Whether {@link #messages} will be asked for from now on; nobody is told that it is too late.
   */
  void hears(boolean messages);

  /** This attempt can be told nothing. */
  void isDeaf(SteerRefusal why);

  /**
   * Messages that shall be said to the agent now, in their order. Of each it must be told whether
   * the agent took it; until then there is no other.
   */
  List<Message> messages();

  /** The agent has taken this message, or may have; or it certainly has not. */
  void took(TurnId message, boolean taken);

  /** What was said to earlier attempts of this run, and has to be told to the next one. */
  List<String> said();

  /** What another turn says. */
  record Message(TurnId turn, String text) {}

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
