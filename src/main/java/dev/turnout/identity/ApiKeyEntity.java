package dev.turnout.identity;

import dev.turnout.turn.TenantId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A row of {@code turnout.api_key}. */
@Entity
@Table(name = "api_key", schema = "turnout")
class ApiKeyEntity {
  @Id
  @Column(name = "id")
  UUID id;

  @Column(name = "tenant", nullable = false, updatable = false)
  String tenant;

  @Column(name = "name", nullable = false, updatable = false)
  String name;

  @Column(name = "prefix", nullable = false)
  String prefix;

  @Column(name = "hash", nullable = false)
  byte[] hash;

  @JdbcTypeCode(SqlTypes.ARRAY)
  @Column(name = "scopes", nullable = false, updatable = false)
  String[] scopes;

  @Column(name = "created_at", nullable = false, updatable = false)
  Instant createdAt;

  @Column(name = "last_used_at")
  @Nullable Instant lastUsedAt;

  @Column(name = "expires_at", updatable = false)
  @Nullable Instant expiresAt;

  @Column(name = "revoked_at")
  @Nullable Instant revokedAt;

  @Column(name = "rotated_at")
  @Nullable Instant rotatedAt;

  @Column(name = "rate_per_second")
  @Nullable Integer ratePerSecond;

  @Column(name = "rate_burst")
  @Nullable Integer rateBurst;

  void setRate(Optional<KeyRate> rate) {
    ratePerSecond = rate.map(KeyRate::perSecond).orElse(null);
    rateBurst = rate.map(KeyRate::burst).orElse(null);
  }

  /** When it ended; empty while it opens. */
  Optional<Instant> ended(Instant now) {
    return Optional.ofNullable(revokedAt)
        .or(() -> Optional.ofNullable(expiresAt).filter(end -> !end.isAfter(now)));
  }

  private Optional<KeyRate> rate() {
    return ratePerSecond == null || rateBurst == null
        ? Optional.empty()
        : Optional.of(new KeyRate(ratePerSecond, rateBurst));
  }

  Set<Scope> scopeSet() {
    return Arrays.stream(scopes)
        .flatMap(code -> Scope.ofCode(code).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  Caller toCaller() {
    return new Caller(
        id.toString(), Optional.of(id), new TenantId(tenant), name, scopeSet(), rate());
  }

  ApiKey toApiKey() {
    return new ApiKey(
        id,
        new TenantId(tenant),
        name,
        prefix,
        scopeSet(),
        createdAt,
        Optional.ofNullable(lastUsedAt),
        Optional.ofNullable(expiresAt),
        Optional.ofNullable(revokedAt),
        Optional.ofNullable(rotatedAt),
        rate());
  }
}
