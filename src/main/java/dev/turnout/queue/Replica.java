package dev.turnout.queue;

/**
 * One incarnation of a Turnout process, as its peers know it.
 *
 * @param id never used twice
 * @param home the identity of its data directory, which one living process at most can hold
 */
public record Replica(int id, String home) {}
