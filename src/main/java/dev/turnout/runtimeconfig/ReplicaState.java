package dev.turnout.runtimeconfig;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a replica has got.
 *
 * @param home its data directory's identity
 * @param seenAt its last sign of life here, some seconds behind
 * @param revision with which new turns start there
 * @param error why a newer revision, or a changed file, is not in force there
 * @param leaseUntil until when its runs are its own; empty for one that runs no turns
 */
public record ReplicaState(
    String home,
    String host,
    long pid,
    Instant startedAt,
    Instant seenAt,
    long revision,
    Instant appliedAt,
    Optional<String> error,
    Optional<Instant> errorAt,
    Optional<Instant> leaseUntil) {}
