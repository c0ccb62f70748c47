package dev.turnout.livesession;

import dev.turnout.process.SubprocessSpec.Limits;
import dev.turnout.settings.LiveSettings;
import dev.turnout.turn.TurnId;
import java.util.Optional;

/**
 * A turn that looks for a living process.
 *
 * @param fingerprint what a process for it must have been started with
 * @param conversation the conversation that a process must know to take it; empty for a new one
 * @param limits of this turn, and of becoming ready
 * @param preparation used when a process has to be started
 */
public record LiveRequest(
    LiveKey key,
    TurnId turn,
    Fingerprint fingerprint,
    Optional<String> conversation,
    LiveSettings settings,
    Limits limits,
    LiveLaunch.Preparation preparation) {}
