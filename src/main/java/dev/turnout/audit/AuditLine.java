package dev.turnout.audit;

import dev.turnout.turn.TenantId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One recorded line.
 *
 * @param id its place: lines that were written later have greater ones, as good as always
 * @param before JSON
 * @param after JSON
 */
public record AuditLine(
    long id,
    Instant at,
    Optional<UUID> key,
    String who,
    TenantId tenant,
    String action,
    String target,
    Optional<String> why,
    Optional<String> before,
    Optional<String> after,
    AuditEntry.Result result,
    Optional<String> requestId,
    Optional<String> remote) {}
