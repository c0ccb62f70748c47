package dev.turnout.identity;

import dev.turnout.turn.TenantId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A key as it is known after it was made: without the key itself. */
public record ApiKey(
    UUID id,
    String name,
    String prefix,
    Set<Scope> scopes,
    TenantId tenant,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> revokedAt) {
  public ApiKey {
    scopes = Set.copyOf(scopes);
  }

  boolean isValidAt(Instant now) {
    return revokedAt.isEmpty() && expiresAt.map(end -> end.isAfter(now)).orElse(true);
  }
}
