package dev.turnout.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.turnout.turn.TenantId;
import io.quarkus.panache.common.Sort;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The keys that callers come with. A key is 190 random bits, stored as its SHA-256 and found by it:
 * the comparison of hashes tells an attacker nothing about keys. A revoked or expired key works for
 * up to {@link #REMEMBERED} on replicas that have just seen it.
 */
@ApplicationScoped
public class ApiKeys {
  /** How long a look-up is remembered, so that not every request asks the database. */
  static final Duration REMEMBERED = Duration.ofSeconds(5);

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  /** Longest key that is looked up; a longer one is no key of ours. */
  private static final int MAX_LENGTH = 200;

  private final ApiKeyRepository repository;
  private final Clock clock;
  private final Optional<String> bootstrapKey;
  private final SecureRandom random = new SecureRandom();
  private final Cache<String, Optional<ApiKey>> remembered =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(REMEMBERED).build();

  ApiKeys(
      ApiKeyRepository repository,
      Clock clock,
      @ConfigProperty(name = "turnout.bootstrap-key") Optional<String> bootstrapKey) {
    this.repository = repository;
    this.clock = clock;
    this.bootstrapKey = bootstrapKey;
  }

  /** A key and its only showing. */
  public record Made(ApiKey key, String secret) {
    /** Never the secret: records end up in logs. */
    @Override
    public String toString() {
      return "Made[" + key + "]";
    }
  }

  @Transactional
  void ensureBootstrapKey(@Observes StartupEvent event) {
    bootstrapKey
        .filter(key -> !key.isBlank())
        .filter(key -> repository.byHash(hash(key)).isEmpty())
        .ifPresent(
            key ->
                store(key, "bootstrap", Set.of(Scope.ADMIN), TenantId.DEFAULT, Optional.empty()));
  }

  /** The valid key that this text is; empty for any other text. */
  public Optional<ApiKey> authenticate(String secret) {
    if (secret.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    var known = remembered.get(hash(secret), this::lookUp);
    return known.filter(key -> key.isValidAt(clock.instant()));
  }

  @Transactional
  Optional<ApiKey> lookUp(String hash) {
    return repository.byHash(hash).map(ApiKeyEntity::toKey);
  }

  /** Makes a key; this is the only time that it is seen. */
  @Transactional
  public Made make(String name, Set<Scope> scopes, TenantId tenant, Optional<Instant> expiresAt) {
    var secret = new StringBuilder("tk_");
    for (int i = 0; i < 32; i++) {
      secret.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new Made(store(secret.toString(), name, scopes, tenant, expiresAt), secret.toString());
  }

  private ApiKey store(
      String secret, String name, Set<Scope> scopes, TenantId tenant, Optional<Instant> expiresAt) {
    var entity = new ApiKeyEntity();
    entity.id = UUID.randomUUID();
    entity.name = name;
    entity.prefix = secret.substring(0, Math.min(7, secret.length() / 3));
    entity.hash = hash(secret);
    entity.scopes = scopes.stream().map(Scope::code).sorted().collect(Collectors.joining(" "));
    entity.tenant = tenant.value();
    entity.createdAt = clock.instant();
    entity.expiresAt = expiresAt.orElse(null);
    repository.persist(entity);
    return entity.toKey();
  }

  /** All keys, the oldest first. */
  @Transactional
  public List<ApiKey> all() {
    return repository.listAll(Sort.by("createdAt").and("id")).stream()
        .map(ApiKeyEntity::toKey)
        .toList();
  }

  /** Ends a key; false when there is none with this id. */
  @Transactional
  public boolean revoke(UUID id) {
    var found = repository.findByIdOptional(id);
    found.ifPresent(
        entity -> {
          if (entity.revokedAt == null) {
            entity.revokedAt = clock.instant();
          }
          remembered.invalidate(entity.hash);
        });
    return found.isPresent();
  }

  private static String hash(String secret) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
