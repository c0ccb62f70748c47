package dev.turnout.cooldown;

/**
 * What rests. The parts that the scope does not have are empty; see {@link CooldownScope#of}.
 *
 * @param account the name of an auth profile, or {@code ~backend} for a backend's own log-in
 */
public record CooldownKey(
    CooldownScope scope,
    String account,
    String backend,
    String runtime,
    String model,
    String lane) {}
