package dev.turnout.intake;

import dev.turnout.queue.CancelResult;
import dev.turnout.queue.TurnHistory;
import dev.turnout.queue.TurnQueue;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import dev.turnout.turn.TurnId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Ends turns at their caller's wish. */
@ApplicationScoped
public class TurnCanceller {
  /** How many turns are looked up at once. */
  private static final int PAGE = 200;

  private final TurnQueue queue;
  private final TurnHistory history;

  TurnCanceller(TurnQueue queue, TurnHistory history) {
    this.queue = queue;
    this.history = history;
  }

  /** Ends one turn; empty when this tenant has no such turn. */
  public Optional<CancelResult> cancel(TenantId tenant, TurnId turn) {
    return history.find(tenant, turn).map(view -> queue.cancel(view.id()));
  }

  /**
   * Ends what runs and what waits in a session, the newest first, so that no turn starts only
   * because the one before it was ended.
   *
   * @return how many turns were ended or told to
   */
  public int abort(TenantId tenant, SessionKey session) {
    int ended = 0;
    var cursor = Optional.<TurnHistory.Cursor>empty();
    while (true) {
      var page = history.ofSession(tenant, session, cursor, PAGE);
      for (var turn : page) {
        if (!turn.state().isTerminal()
            && !(queue.cancel(turn.id()) instanceof CancelResult.AlreadyOver)) {
          ended++;
        }
      }
      if (page.size() < PAGE) {
        return ended;
      }
      cursor = Optional.of(TurnHistory.Cursor.of(page.getLast()));
    }
  }
}
