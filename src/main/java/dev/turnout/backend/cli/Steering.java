package dev.turnout.backend.cli;

import dev.turnout.turn.Outside;
import dev.turnout.turn.TurnId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What other turns say to an agent while it works. A message that went out and has no answer keeps
 * the turn open: only the agent knows whether it came in time.
 */
final class Steering {
  private final LiveLines lines;
  private final Outside outside;
  private final UnaryOperator<String> inert;
  private final Map<String, TurnId> sent = new LinkedHashMap<>();

  /**
   * For one attempt.
   *
   * @param inert makes a message mere text
   */
  Steering(LiveLines lines, Outside outside, UnaryOperator<String> inert) {
    this.lines = lines;
    this.outside = outside;
    this.inert = inert;
  }

  /** The lines that are to be said now. */
  List<String> toSay() {
    if (!lines.canBeSteered()) {
      return List.of();
    }
    var said = new ArrayList<String>();
    for (var message : outside.messages()) {
      var id = message.turn().toString();
      sent.put(id, message.turn());
      said.add(lines.steer(id, inert.apply(message.text())));
    }
    return said;
  }

  /** The agent says what became of a message. */
  void answered(String id, boolean taken) {
    var turn = sent.remove(id);
    if (turn != null) {
      outside.took(turn, taken);
    }
  }

  /** Whether the agent has not said yet what became of a message. */
  boolean isOpen() {
    return !sent.isEmpty();
  }

  /** The process is no longer heard: what it was told it may have taken. */
  void over() {
    outside.hears(false);
    sent.values().forEach(turn -> outside.took(turn, true));
    sent.clear();
  }
}
