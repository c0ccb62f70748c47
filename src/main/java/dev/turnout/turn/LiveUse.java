package dev.turnout.turn;

/**
 * Which living process served an attempt.
 *
 * @param id by which an admin finds it while it is known
 * @param reused whether it was there before the attempt, and nobody had to wait for its start
 */
public record LiveUse(String id, boolean reused) {}
