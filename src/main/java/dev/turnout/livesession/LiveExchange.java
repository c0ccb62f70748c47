package dev.turnout.livesession;

import java.util.List;
import java.util.Optional;

/**
 * One turn as its dialect speaks it. Called by one thread at a time; what it makes of the answer is
 * between it and whoever made it.
 */
public interface LiveExchange {
  /** What the process is told, with its line breaks. A text is one line, whatever is in it. */
  String input();

  /**
   * Which process serves the turn; called before anything is said to it.
   *
   * @param id as {@link LiveView#id}
   */
  default void servedBy(String id, LiveObserver.Got how) {}

  /** A line that came before the process was ready, which may say why it never will be. */
  void early(String line);

  /**
   * A line that came when no turn was under way. It is nobody's, but the process may wait for an
   * answer to it, and would not hear of this turn before it has one.
   *
   * @return the answer, with its line break; empty when it waits for none
   */
  default Optional<String> unasked(String line) {
    return Optional.empty();
  }

  /** A line that came after the input. */
  Heard hear(String line);

  /** What the process is to be told now though it did not say anything; asked again and again. */
  default List<String> toSay() {
    return List.of();
  }

  /** Whether its silence is no sign of trouble: it waits for somebody, or for a tool. */
  default boolean mayBeSilent() {
    return false;
  }

  /** Whether the first output that the time limit waits for has come. */
  boolean begun();

  /**
   * What asks the process to let go of this turn and live on; empty when there is no such way. From
   * now on the exchange only listens for its end, and tells nobody of what it hears.
   */
  Optional<String> interruption();

  /** What a line means for the turn. */
  sealed interface Heard {
    /** The turn goes on. */
    record GoesOn() implements Heard {}

    /** It goes on once the process has this answer. */
    record Reply(String line) implements Heard {}

    /**
     * The turn is over; what comes after it belongs to nobody.
     *
     * @param conversation the CLI's own id of the conversation, by which the next turn knows it
     */
    record Ended(Optional<String> conversation) implements Heard {}
  }
}
