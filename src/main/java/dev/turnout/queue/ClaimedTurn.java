package dev.turnout.queue;

import dev.turnout.turn.AgentId;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.Recovery;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.RunRef;
import dev.turnout.turn.TurnId;
import java.time.Instant;
import java.util.Optional;

/**
 * A turn that this process has come to run.
 *
 * @param runs how often it has been started, this time included
 * @param input with what was said to earlier runs of it
 * @param steer whether it asked to be taken into another turn
 * @param handedTo the turn into which its words were on their way when the replica died
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
    Optional<Instant> expiresAt,
    boolean steer,
    Optional<TurnId> handedTo) {}
