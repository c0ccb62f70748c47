package dev.turnout.queue;

import dev.turnout.turn.TurnId;
import java.time.Instant;
import java.util.OptionalLong;

/** What became of a turn that asked to be let in. */
public sealed interface AdmissionResult {
  /**
   * It is in the line, durably.
   *
   * @param at when it was accepted
   * @param seq its place in the session; absent while it waits for its time
   * @param ahead how many turns of the session have to end before it starts
   * @param starting whether it was handed to a worker of this replica at once
   */
  record Admitted(TurnId turn, Instant at, OptionalLong seq, long ahead, boolean starting)
      implements AdmissionResult {}

  /** The idempotency key was used before. */
  sealed interface Repeated extends AdmissionResult {
    static Repeated of(TurnId original, boolean same) {
      return same ? new Replayed(original) : new KeyReused(original);
    }
  }

  /** The same request was accepted before; this is the turn it became. */
  record Replayed(TurnId turn) implements Repeated {}

  /** The idempotency key belongs to another request. */
  record KeyReused(TurnId turn) implements Repeated {}

  /** The session is busy and the turn asked to be refused then. */
  record Busy() implements AdmissionResult {}

  /** The session was deleted. The turn may ask again in one that is opened anew. */
  record NoSession() implements AdmissionResult {}

  /** As many turns wait in the session as may. */
  record Full(int cap) implements AdmissionResult {}
}
