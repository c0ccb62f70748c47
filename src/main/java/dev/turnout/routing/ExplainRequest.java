package dev.turnout.routing;

import dev.turnout.settings.AgentSettings;
import dev.turnout.settings.Settings;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.Outside;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.RunRef;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A turn that nobody has submitted.
 *
 * @param session where it would be; empty when the session is not there yet
 * @param choice what its caller would ask for, in place of the agent's chain
 */
public record ExplainRequest(
    Optional<SessionId> session,
    LaneId lane,
    AgentSettings agent,
    Settings settings,
    RouteChoice choice) {

  /** No session has this number, and no turn this id. */
  private static final SessionId NO_SESSION = new SessionId(0);

  private static final TurnId NO_TURN = new TurnId(new UUID(0, 0));

  /** The same as a request of which every part that asks or writes does nothing. */
  RouteRequest asRoute() {
    return new RouteRequest(
        new RunRef(NO_TURN, session.orElse(NO_SESSION), 0, 0),
        0,
        lane,
        agent,
        settings,
        choice,
        "",
        _ -> List.of(),
        new Shut(),
        Outside.NOBODY);
  }

  /** Nothing is ever attempted. */
  private static final class Shut implements AttemptGate {
    @Override
    public boolean enter() {
      return false;
    }

    @Override
    public void leave() {
      // It was never entered.
    }
  }
}
