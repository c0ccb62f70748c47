package dev.turnout.worker;

import java.time.Duration;

/**
 * What tells this process apart.
 *
 * @param home the identity of the data directory, which one living process at most can hold
 * @param lease how long the others wait before they take this replica for dead
 */
public record ReplicaHome(String home, String host, long pid, Duration lease) {}
