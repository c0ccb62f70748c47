package dev.turnout.worker;

import dev.turnout.turn.Outside;
import dev.turnout.turn.SteerRefusal;
import dev.turnout.turn.TurnId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The messages of other turns on their way to the agent of one run. INVARIANT: one at a time, and
 * after one that was not taken none: that keeps them in order, whatever becomes of each.
 */
final class Messages {
  private boolean heard;
  private @Nullable SteerRefusal deaf;
  private boolean oneWasRefused;
  private Outside.@Nullable Message waiting;
  private Outside.@Nullable Message told;
  private @Nullable Outcome outcome;
  private final List<TurnId> merged = new ArrayList<>();
  private final List<String> said = new ArrayList<>();

  /** What became of a message. */
  record Outcome(Outside.Message message, boolean taken) {}

  synchronized void hears(boolean messages) {
    heard = messages;
    deaf = null;
  }

  synchronized void isDeaf(SteerRefusal why) {
    heard = false;
    deaf = why;
  }

  /** Why the next message cannot be handed over, if it cannot. */
  synchronized Optional<SteerRefusal> refusal() {
    return oneWasRefused
        ? Optional.of(SteerRefusal.BEHIND_ANOTHER)
        : waiting == null && told == null && outcome == null
            ? Optional.ofNullable(deaf)
            : Optional.empty();
  }

  /** Whether a message can be handed over now. */
  synchronized boolean isFree() {
    return heard && !oneWasRefused && waiting == null && told == null && outcome == null;
  }

  /** The message is the run's to say from now on. */
  synchronized void deliver(Outside.Message message) {
    waiting = message;
  }

  /** The next message goes to the agent. */
  synchronized List<Outside.Message> take() {
    var next = waiting;
    if (next == null) {
      return List.of();
    }
    waiting = null;
    told = next;
    return List.of(next);
  }

  synchronized void took(TurnId message, boolean taken) {
    var last = told;
    if (last != null && last.turn().equals(message)) {
      told = null;
      outcome = new Outcome(last, taken);
      if (taken) {
        said.add(last.text());
      } else {
        oneWasRefused = true;
      }
    }
  }

  /** None is taken any more; after one that waits too long the others wait behind it. */
  synchronized void refused() {
    oneWasRefused = true;
  }

  /** What became of the last message, which is to be written down. */
  synchronized Optional<Outcome> outcome() {
    return Optional.ofNullable(outcome);
  }

  /** It is written down. */
  synchronized void settled(boolean merges) {
    var last = outcome;
    outcome = null;
    if (merges && last != null && last.taken()) {
      merged.add(last.message().turn());
    }
  }

  /** The run is over: the message that it was handed and never said, if there is one. */
  synchronized Optional<Outside.Message> unsaid() {
    var left = waiting;
    waiting = null;
    return Optional.ofNullable(left);
  }

  /** Those that were taken in since the last call. */
  synchronized List<TurnId> merged() {
    var last = List.copyOf(merged);
    merged.clear();
    return last;
  }

  synchronized List<String> said() {
    return List.copyOf(said);
  }
}
