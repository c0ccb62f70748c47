package dev.turnout.intake;

import dev.turnout.queue.CancelResult;
import dev.turnout.queue.SessionLines;
import dev.turnout.queue.TurnHistory;
import dev.turnout.queue.TurnQueue;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TenantId;
import dev.turnout.turn.TurnId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Ends turns at their caller's wish. */
@ApplicationScoped
public class TurnCanceller {
  private final TurnQueue queue;
  private final TurnHistory history;
  private final SessionLines lines;

  TurnCanceller(TurnQueue queue, TurnHistory history, SessionLines lines) {
    this.queue = queue;
    this.history = history;
    this.lines = lines;
  }

  /** Ends one turn; empty when this tenant has no such turn. */
  public Optional<CancelResult> cancel(TenantId tenant, TurnId turn) {
    return history.find(tenant, turn).map(view -> queue.cancel(view.id()));
  }

  /**
   * Ends what runs and what waits in a session, delayed turns too.
   *
   * @return how many turns were ended or told to
   */
  public int abort(SessionId session) {
    return lines.abort(session);
  }
}
