package dev.turnout.livesession;

import java.time.Instant;

/**
 * Something that belongs to an owner and ends with it.
 *
 * @param what its path, or a name that is no secret
 * @param kept whether it outlives its owner: listed, and not removed
 */
public record OwnedResource(ResourceKind kind, String what, Instant created, boolean kept) {}
