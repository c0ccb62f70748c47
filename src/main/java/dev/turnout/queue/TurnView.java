package dev.turnout.queue;

import dev.turnout.events.StoredEvent;
import dev.turnout.events.TurnEvent;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.Recovery;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.SteerRefusal;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A turn as it stands now.
 *
 * @param seq its place in the session; absent while it waits for its time
 * @param position how many turns of the session have to end before it starts, itself not counted;
 *     only while it waits in the line
 * @param blockedBy the turn at the head of the session, when that is another one
 * @param started its first start, and the settings it runs with; absent before
 * @param last its last event when it has ended; carries answer, failure and attempts
 * @param notSteered why it waits although it asked to be taken into a running turn
 * @param questions what its agent asks and has no answer to, while it runs
 */
public record TurnView(
    TurnId id,
    SessionKey session,
    OptionalLong seq,
    TurnState state,
    OptionalLong position,
    Optional<TurnId> blockedBy,
    AgentId agent,
    RouteChoice choice,
    LaneId lane,
    int priority,
    Recovery recovery,
    String input,
    String metadata,
    Instant createdAt,
    Optional<Instant> notBefore,
    Optional<Instant> expiresAt,
    Optional<StoredEvent> started,
    Optional<StoredEvent> last,
    List<TurnEvent.PermissionAsked> questions,
    Optional<SteerRefusal> notSteered) {
  /**
   * A turn as its admission left it. Who runs or what blocks it is not in there, so this is for a
   * turn that no other stands before.
   */
  static TurnView justAccepted(NewTurn turn, SessionKey session, AdmissionResult.Admitted how) {
    boolean waitsInLine = how.seq().isPresent() && !how.starting();
    return new TurnView(
        turn.id(),
        session,
        how.seq(),
        how.starting() ? TurnState.RUNNING : TurnState.QUEUED,
        waitsInLine ? OptionalLong.of(how.ahead()) : OptionalLong.empty(),
        Optional.empty(),
        turn.agent(),
        turn.choice(),
        turn.lane(),
        turn.priority(),
        turn.recovery(),
        turn.input(),
        turn.metadata(),
        how.at(),
        turn.notBefore(),
        turn.expiresAt(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }
}
