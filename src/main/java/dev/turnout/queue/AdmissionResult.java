package dev.turnout.queue;

import dev.turnout.turn.TurnId;

/** What became of a turn that asked to be let in. */
public sealed interface AdmissionResult {
  /** It is in the line, durably. */
  record Admitted(TurnId turn) implements AdmissionResult {}

  /** The same request was accepted before; this is the turn it became. */
  record Replayed(TurnId turn) implements AdmissionResult {}

  /** The idempotency key belongs to another request. */
  record KeyReused(TurnId turn) implements AdmissionResult {}

  /** The session is busy and the turn asked to be refused then. */
  record Busy() implements AdmissionResult {}

  /** As many turns wait in the session as may. */
  record Full(int cap) implements AdmissionResult {}
}
