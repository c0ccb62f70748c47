package dev.turnout.decision;

import dev.turnout.turn.AgentId;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import dev.turnout.turn.TurnId;
import java.util.UUID;

/**
 * A decision as it was kept.
 *
 * @param id sorts by the time of the decision
 * @param n its place in the turn, from 1, over all runs of it
 */
public record KeptDecision(
    UUID id,
    TurnId turn,
    TenantId tenant,
    SessionKey session,
    AgentId agent,
    LaneId lane,
    int n,
    Decision decision) {}
