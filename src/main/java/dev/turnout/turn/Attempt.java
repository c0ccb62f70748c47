package dev.turnout.turn;

import dev.turnout.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One call of one candidate, as it is reported with the turn.
 *
 * @param runtime how the backend works: {@code cli} or {@code api}; absent when it was never found
 * @param failure absent on the attempt that answered
 */
public record Attempt(
    Candidate candidate,
    Optional<String> runtime,
    Instant startedAt,
    Duration took,
    Optional<Failure> failure) {}
