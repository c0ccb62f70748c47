package dev.turnout.runtimeconfig;

import java.util.Optional;
import java.util.UUID;

/**
 * Who wrote a revision.
 *
 * @param key the API key; empty for what Turnout wrote itself
 * @param name of the key, as it was then
 */
public record Author(Optional<UUID> key, String name) {}
