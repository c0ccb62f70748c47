package dev.turnout.settings;

import java.time.Duration;

/**
 * The record of what was decided on the way of turns.
 *
 * @param keep how long it is kept; an hour or longer
 */
public record DecisionSettings(Duration keep) {}
