package dev.turnout.settings;

import java.time.Duration;

/**
 * Whether a CLI's processes live on between the turns of a session, and for how long.
 *
 * @param idleClose how long a process may wait for its next turn
 * @param maxAge how long it may live; a turn that runs is finished
 * @param maxTurns how many turns it may have
 * @param capacity how many processes of this backend one replica keeps; one that waits makes room
 *     for a session that has none
 * @param warm how many processes are started ahead, for each agent that begins with this backend;
 *     they count in the capacity
 */
public record LiveSettings(
    boolean enabled, Duration idleClose, Duration maxAge, int maxTurns, int capacity, int warm) {
  /** One process for each attempt. */
  public static final LiveSettings OFF =
      new LiveSettings(false, Duration.ofMinutes(10), Duration.ofHours(6), 200, 16, 0);

  /** The same, switched on. */
  public static final LiveSettings ON =
      new LiveSettings(true, OFF.idleClose, OFF.maxAge, OFF.maxTurns, OFF.capacity, OFF.warm);

  /** Without any process that is started ahead. */
  public LiveSettings(
      boolean enabled, Duration idleClose, Duration maxAge, int maxTurns, int capacity) {
    this(enabled, idleClose, maxAge, maxTurns, capacity, 0);
  }
}
