package dev.turnout.session;

import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import java.time.Instant;
import java.util.Optional;

/**
 * A conversation: an ordered line of turns, one running at a time.
 *
 * @param agent who answers in it; the default agent when absent
 * @param authProfile the one credential that its turns use; those of the chain when absent
 * @param metadata a JSON object, kept for the caller
 */
public record Session(
    SessionId id,
    TenantId tenant,
    SessionKey key,
    Optional<AgentId> agent,
    Optional<AuthProfileId> authProfile,
    String metadata,
    Instant createdAt,
    Instant updatedAt) {}
