package dev.turnout.identity;

import dev.turnout.turn.TenantId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A row of {@code turnout.api_key}. */
@Entity
@Table(name = "api_key", schema = "turnout")
class ApiKeyEntity {
  @Id
  @Column(name = "id")
  UUID id;

  @Column(name = "name", nullable = false)
  String name;

  @Column(name = "prefix", nullable = false)
  String prefix;

  @Column(name = "hash", nullable = false, updatable = false)
  String hash;

  @Column(name = "scopes", nullable = false)
  String scopes;

  @Column(name = "tenant", nullable = false, updatable = false)
  String tenant;

  @Column(name = "created_at", nullable = false, updatable = false)
  Instant createdAt;

  @Column(name = "expires_at")
  @Nullable Instant expiresAt;

  @Column(name = "revoked_at")
  @Nullable Instant revokedAt;

  ApiKey toKey() {
    return new ApiKey(
        id,
        name,
        prefix,
        List.of(scopes.split(" ", -1)).stream()
            .flatMap(code -> Scope.ofCode(code).stream())
            .collect(Collectors.toSet()),
        new TenantId(tenant),
        createdAt,
        Optional.ofNullable(expiresAt),
        Optional.ofNullable(revokedAt));
  }
}
