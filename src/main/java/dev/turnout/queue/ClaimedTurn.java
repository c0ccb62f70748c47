package dev.turnout.queue;

import dev.turnout.turn.AgentId;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.Recovery;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.RunRef;
import java.time.Instant;
import java.util.Optional;

/**
 * A turn that this process has come to run.
 *
 * @param runs how often it has been started, this time included
 */
public record ClaimedTurn(
    RunRef run,
    long seq,
    int runs,
    AgentId agent,
    RouteChoice choice,
    LaneId lane,
    Recovery recovery,
    String input,
    Instant createdAt,
    Optional<Instant> expiresAt) {}
