package dev.turnout.http;

import dev.turnout.events.TurnBell;
import dev.turnout.queue.TurnHistory;
import dev.turnout.queue.TurnView;
import dev.turnout.turn.TenantId;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Waits for the end of a turn, wherever it runs. */
@ApplicationScoped
class TurnWait {
  private final TurnHistory history;
  private final TurnBell bell;

  TurnWait(TurnHistory history, TurnBell bell) {
    this.history = history;
    this.bell = bell;
  }

  /**
   * The turn when it has ended, or as it stands after {@code atMost} or when the client left.
   *
   * @throws ProblemException when it was deleted meanwhile
   */
  TurnView untilOver(TenantId tenant, TurnView turn, Duration atMost, RoutingContext request)
      throws InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    var latest = turn;
    var client = Disconnect.watch(request, () -> bell.ring(turn.id()));
    try (var listener = bell.listen(turn.id())) {
      var pause = new PollPause();
      while (true) {
        latest =
            history
                .find(tenant, turn.id())
                .orElseThrow(() -> Requests.noTurn(turn.id().toString()));
        long left = until - System.nanoTime();
        if (latest.state().isTerminal() || left <= 0 || client.hasGone()) {
          return latest;
        }
        listener.awaitEnd(pause.next(Duration.ofNanos(left)));
      }
    }
  }
}
