package dev.turnout.routing;

import dev.turnout.cooldown.Cooldown;
import dev.turnout.settings.Settings;
import dev.turnout.turn.Candidate;
import java.time.Duration;

/**
 * A question whether something that rests works again.
 *
 * @param candidate whom to ask
 * @param prompt what to ask: as short as can be, for it may cost money
 * @param limit how long the answer may take
 * @param who asks, for the history of the cooldown
 */
public record ProbeRequest(
    Cooldown cooldown,
    Candidate candidate,
    Settings settings,
    String prompt,
    Duration limit,
    String who) {}
