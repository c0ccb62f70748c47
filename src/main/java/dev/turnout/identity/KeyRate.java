package dev.turnout.identity;

/**
 * How often one key may ask one replica, in place of what the settings say for all.
 *
 * @param perSecond in each second for as long as it likes, 1 or more
 * @param burst at once after a pause, 1 or more
 */
public record KeyRate(int perSecond, int burst) {}
