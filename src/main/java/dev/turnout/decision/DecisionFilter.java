package dev.turnout.decision;

import dev.turnout.failure.FailureReason;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import dev.turnout.turn.TurnId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which decisions are wanted; an empty part asks for nothing.
 *
 * @param tenant whose; needed where a session is named, because tenants share no keys
 * @param reasons those with one of these; empty asks for nothing
 * @param from not before
 * @param to before
 */
public record DecisionFilter(
    Optional<TenantId> tenant,
    Optional<SessionKey> session,
    Optional<TurnId> turn,
    Optional<AgentId> agent,
    Optional<BackendId> backend,
    Optional<AuthProfileId> authProfile,
    Optional<LaneId> lane,
    Set<FailureReason> reasons,
    Optional<Instant> from,
    Optional<Instant> to) {
  public DecisionFilter {
    reasons = Set.copyOf(reasons);
    if (session.isPresent() && tenant.isEmpty()) {
      throw new IllegalArgumentException("a session is named without its tenant");
    }
  }

  /** All of this turn. */
  public static DecisionFilter ofTurn(TurnId turn) {
    return new DecisionFilter(
        Optional.empty(),
        Optional.empty(),
        Optional.of(turn),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Optional.empty(),
        Optional.empty());
  }
}
