package dev.turnout.worker;

import dev.turnout.turn.TurnId;

/** Why a running turn is ended from outside. Set before its thread is interrupted. */
sealed interface StopCause {
  /** Its caller wished so. */
  record Cancelled() implements StopCause {}

  /** A newer turn of its session took its place. */
  record InterruptedBy(TurnId turn) implements StopCause {}

  /** This replica stops. */
  record Drained() implements StopCause {}

  /** The database left while the run needed it. */
  record StoreLost() implements StopCause {}

  /** The others have taken this replica for dead: the turn is theirs now. */
  record HoldLost() implements StopCause {}
}
