package dev.turnout.cooldown;

import dev.turnout.failure.FailureReason;
import java.util.Optional;

/**
 * Which cooldowns to read; what is absent restricts nothing.
 *
 * @param account an auth profile, or {@code ~backend} for a backend's own log-in
 * @param resting whether it rests now: one whose rest is over stays for its place on the ladder
 */
public record CooldownFilter(
    Optional<CooldownScope> scope,
    Optional<String> account,
    Optional<String> backend,
    Optional<String> runtime,
    Optional<String> model,
    Optional<String> lane,
    Optional<FailureReason> reason,
    Optional<Boolean> resting) {}
