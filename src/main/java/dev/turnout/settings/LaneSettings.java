package dev.turnout.settings;

import dev.turnout.turn.LaneId;

/**
 * A class of work.
 *
 * @param width how many turns of this lane one replica runs at once
 */
public record LaneSettings(LaneId id, int width) {}
