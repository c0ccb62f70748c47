package dev.turnout.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TenantId;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.PersistenceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * API keys: made, shown, revoked, looked up.
 *
 * <p>A key that was found valid is believed for {@link #BELIEVED_FOR} without asking the database,
 * so that admission costs no query for it. That is also the longest time that a revoked key still
 * opens on other replicas; on the one that revoked it, it ends at once. Expiry is always exact.
 */
@ApplicationScoped
public class ApiKeys {
  /** How long a lookup is believed. */
  public static final Duration BELIEVED_FOR = Duration.ofSeconds(10);

  /** How exact {@link ApiKey#lastUsedAt} is. */
  private static final Duration USE_NOTED_EVERY = Duration.ofMinutes(1);

  /** Shortest bootstrap key, in characters: it is an admin's key, and nothing slows guessing. */
  static final int SHORTEST = 16;

  private final ApiKeyRepository repository;
  private final Clock clock;

  /**
   * By the digest of the key. Unknown keys are not kept: whoever sends random ones must not push
   * out the real ones.
   */
  private final Cache<String, Known> known =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(BELIEVED_FOR).build();

  /**
   * The digests of keys that were made here or opened here, whether they still do or not. For
   * {@link #isFamiliar}.
   */
  private final Cache<String, Boolean> familiar =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterAccess(Duration.ofDays(1)).build();

  ApiKeys(ApiKeyRepository repository, Clock clock) {
    this.repository = repository;
    this.clock = clock;
  }

  /**
   * A key that was just made.
   *
   * @param secret its text, to be shown once
   */
  public record Made(ApiKey key, String secret) {
    @Override
    public String toString() {
      return "Made[" + key + "]";
    }
  }

  /** Where a page goes on: the last key seen. */
  public record Cursor(Instant createdAt, UUID id) {
    public static Cursor of(ApiKey key) {
      return new Cursor(key.createdAt(), key.id());
    }
  }

  private record Known(Caller caller, Optional<Instant> expiresAt, Optional<Instant> revokedAt) {}

  /**
   * Makes a key with a random text.
   *
   * @param alongside runs in the same transaction; what it throws prevents the key
   */
  public Made make(
      TenantId tenant,
      String name,
      Set<Scope> scopes,
      Optional<Instant> expiresAt,
      Optional<KeyRate> rate,
      Consumer<ApiKey> alongside) {
    var secret = SecretText.random();
    var entity = entity(secret, tenant, name, scopes, expiresAt);
    entity.setRate(rate);
    stored(
        () -> {
          repository.persist(entity);
          alongside.accept(entity.toApiKey());
          return entity;
        });
    // Its holder shall not wait for what others at the same address guess.
    familiar.put(SecretText.name(entity.hash), true);
    return new Made(entity.toApiKey(), secret.value());
  }

  /** All keys of the installation, newest first. */
  public List<ApiKey> page(Optional<Cursor> after, int size) {
    return stored(() -> repository.page(after, size)).stream().map(ApiKeyEntity::toApiKey).toList();
  }

  /** One key. */
  public Optional<ApiKey> find(UUID id) {
    return stored(() -> repository.findByIdOptional(id)).map(ApiKeyEntity::toApiKey);
  }

  /**
   * Ends a key; revoking it again changes nothing. Empty when there is no such key.
   *
   * @param alongside runs in the same transaction, unless nothing changes; what it throws keeps the
   *     key open
   */
  public Optional<ApiKey> revoke(UUID id, Consumer<ApiKey> alongside) {
    var revoked =
        stored(
            () -> {
              var found = repository.locked(id);
              found
                  .filter(entity -> entity.revokedAt == null)
                  .ifPresent(
                      entity -> {
                        entity.revokedAt = clock.instant();
                        alongside.accept(entity.toApiKey());
                      });
              return found;
            });
    forget(id);
    return revoked.map(ApiKeyEntity::toApiKey);
  }

  /**
   * Gives a key a new text. The key stays what it is: its id, its scopes, its counters.
   *
   * @param overlap how long the text before still opens, so that its holders can change over; other
   *     replicas may believe it {@link #BELIEVED_FOR} longer
   * @param alongside runs in the same transaction; what it throws prevents the change
   */
  public KeyRotation rotate(UUID id, Duration overlap, Consumer<ApiKey> alongside) {
    var secret = SecretText.random();
    var rotation = stored(() -> rotated(id, secret, overlap, alongside));
    forget(id);
    familiar.put(SecretText.name(secret.hash()), true);
    return rotation;
  }

  private KeyRotation rotated(
      UUID id, SecretText secret, Duration overlap, Consumer<ApiKey> alongside) {
    var found = repository.locked(id);
    if (found.isEmpty()) {
      return new KeyRotation.Unknown();
    }
    var entity = found.get();
    var now = clock.instant();
    var ended = entity.ended(now);
    if (ended.isPresent()) {
      return new KeyRotation.Ended(ended.get());
    }
    var former = new ApiKeyFormerEntity();
    former.hash = entity.hash;
    former.keyId = id;
    former.endsAt = now.plus(overlap);
    repository.keepFormer(former);
    entity.hash = secret.hash();
    entity.prefix = secret.prefix();
    entity.rotatedAt = now;
    alongside.accept(entity.toApiKey());
    return new KeyRotation.Rotated(new Made(entity.toApiKey(), secret.value()), former.endsAt);
  }

  /**
   * Gives a key a rate of its own, or with an empty one that of the settings. Empty when there is
   * no such key. Other replicas follow within {@link #BELIEVED_FOR}.
   *
   * @param alongside gets the key as it was and as it is, in the same transaction
   */
  public Optional<ApiKey> changeRate(
      UUID id, Optional<KeyRate> rate, BiConsumer<ApiKey, ApiKey> alongside) {
    var changed =
        stored(
            () -> {
              var found = repository.locked(id);
              found.ifPresent(
                  entity -> {
                    var before = entity.toApiKey();
                    entity.setRate(rate);
                    alongside.accept(before, entity.toApiKey());
                  });
              return found.map(ApiKeyEntity::toApiKey);
            });
    forget(id);
    return changed;
  }

  /** What is believed of a key, by whichever of its texts. */
  private void forget(UUID id) {
    known.asMap().values().removeIf(found -> found.caller.key().equals(Optional.of(id)));
  }

  /**
   * What a shown key is worth, when that is known without asking the database. Keys are compared by
   * looking up their digests, so the time it takes says nothing about how much of a guess is right.
   */
  public Optional<KeyLookup> remembered(String secret) {
    return Optional.ofNullable(known.getIfPresent(SecretText.name(new SecretText(secret).hash())))
        .map(this::judge);
  }

  /**
   * Whether a key with this text was made here, or opened here, within a day. It need not open any
   * more; but whoever shows it is no guesser.
   */
  public boolean isFamiliar(String secret) {
    return familiar.getIfPresent(SecretText.name(new SecretText(secret).hash())) != null;
  }

  /**
   * What a shown key is worth. Blocks on the database when the key was not seen lately.
   *
   * @throws StoreUnavailable when the database does not answer
   */
  public KeyLookup lookUp(String secret) {
    var hash = new SecretText(secret).hash();
    // One query for however many requests come with the same key at once.
    var found = known.get(SecretText.name(hash), _ -> load(hash));
    if (found == null) {
      return new KeyLookup.Unknown();
    }
    familiar.put(SecretText.name(hash), true);
    return judge(found);
  }

  /**
   * Sees to it that a key with this text exists and opens everything. A key that was revoked stays
   * revoked: who wants another first key gives another text.
   *
   * @return whether the key opens
   */
  boolean ensureBootstrap(String text) {
    if (text.length() < SHORTEST) {
      throw new IllegalStateException(
          "turnout.bootstrap-key is too short: " + SHORTEST + " characters at least");
    }
    var secret = new SecretText(text);
    try {
      return ensured(secret);
    } catch (PersistenceException e) {
      // Another replica that starts at the same time was faster.
      return ensured(secret);
    }
  }

  private boolean ensured(SecretText secret) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              var found = repository.byHash(secret.hash());
              if (found.isPresent()) {
                return found.get().revokedAt == null;
              }
              // A text that was replaced must not come back with the next start.
              var former = repository.formerByHash(secret.hash());
              if (former.isPresent()) {
                return former.get().endsAt.isAfter(clock.instant());
              }
              repository.persistAndFlush(
                  entity(
                      secret,
                      TenantId.DEFAULT,
                      "bootstrap",
                      Set.of(Scope.ADMIN),
                      Optional.empty()));
              return true;
            });
  }

  private @Nullable Known load(byte[] hash) {
    return stored(
        () -> {
          var current = repository.byHash(hash);
          if (current.isPresent()) {
            return known(current.get(), Optional.empty());
          }
          var former = repository.formerByHash(hash);
          return former
              .flatMap(text -> repository.findByIdOptional(text.keyId))
              .map(entity -> known(entity, former.map(text -> text.endsAt)))
              .orElse(null);
        });
  }

  /**
   * What is to be believed of a key.
   *
   * @param textEnds when the text that was shown ends before the key does
   */
  private Known known(ApiKeyEntity entity, Optional<Instant> textEnds) {
    var now = clock.instant();
    repository.noteUse(entity.id, now, now.minus(USE_NOTED_EVERY));
    return new Known(
        entity.toCaller(),
        Stream.concat(Stream.ofNullable(entity.expiresAt), textEnds.stream())
            .min(Comparator.naturalOrder()),
        Optional.ofNullable(entity.revokedAt));
  }

  private KeyLookup judge(Known found) {
    return found
        .revokedAt
        .or(() -> found.expiresAt.filter(end -> !end.isAfter(clock.instant())))
        .<KeyLookup>map(KeyLookup.Ended::new)
        .orElseGet(() -> new KeyLookup.Valid(found.caller));
  }

  private ApiKeyEntity entity(
      SecretText secret,
      TenantId tenant,
      String name,
      Set<Scope> scopes,
      Optional<Instant> expiresAt) {
    var entity = new ApiKeyEntity();
    entity.id = UUID.randomUUID();
    entity.tenant = tenant.value();
    entity.name = name;
    entity.prefix = secret.prefix();
    entity.hash = secret.hash();
    entity.scopes = scopes.stream().map(Scope::code).sorted().toArray(String[]::new);
    entity.createdAt = clock.instant();
    entity.expiresAt = expiresAt.orElse(null);
    return entity;
  }

  private static <T extends @Nullable Object> T stored(Supplier<T> work) {
    try {
      return QuarkusTransaction.requiringNew().call(work::get);
    } catch (RuntimeException e) {
      throw new StoreUnavailable("API keys cannot be read or written", e);
    }
  }
}
