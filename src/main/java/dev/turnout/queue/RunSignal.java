package dev.turnout.queue;

import dev.turnout.turn.TurnId;
import java.util.Optional;

/**
 * A wish that a running turn ends.
 *
 * @param by the turn that interrupts it; empty when somebody cancelled it
 */
public record RunSignal(TurnId turn, Optional<TurnId> by) {
  /** Its kind in {@code turnout.run_signal} when somebody cancelled. */
  static final String CANCEL = "cancel";
}
