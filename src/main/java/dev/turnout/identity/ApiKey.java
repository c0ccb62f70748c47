package dev.turnout.identity;

import dev.turnout.turn.TenantId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What is known of an API key; never the key itself.
 *
 * @param name chosen by whoever made it, for people
 * @param prefix its first characters, by which its holder can tell which one it is
 * @param lastUsedAt to the minute
 * @param rotatedAt when its text was last replaced
 * @param rate its own, in place of what the settings say for all
 */
public record ApiKey(
    UUID id,
    TenantId tenant,
    String name,
    String prefix,
    Set<Scope> scopes,
    Instant createdAt,
    Optional<Instant> lastUsedAt,
    Optional<Instant> expiresAt,
    Optional<Instant> revokedAt,
    Optional<Instant> rotatedAt,
    Optional<KeyRate> rate) {
  public ApiKey {
    scopes = Set.copyOf(scopes);
  }
}
