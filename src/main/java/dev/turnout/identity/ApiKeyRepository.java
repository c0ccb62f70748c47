package dev.turnout.identity;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Page;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** API keys as rows. */
@ApplicationScoped
class ApiKeyRepository implements PanacheRepositoryBase<ApiKeyEntity, UUID> {
  private static final Sort NEWEST = Sort.descending("createdAt", "id");

  Optional<ApiKeyEntity> byHash(byte[] hash) {
    return find("hash", (Object) hash).firstResultOptional();
  }

  /** A text that some key had before. */
  Optional<ApiKeyFormerEntity> formerByHash(byte[] hash) {
    return Optional.ofNullable(getEntityManager().find(ApiKeyFormerEntity.class, hash));
  }

  void keepFormer(ApiKeyFormerEntity former) {
    getEntityManager().persist(former);
  }

  /** For a change that no other one may overtake. */
  Optional<ApiKeyEntity> locked(UUID id) {
    return findByIdOptional(id, LockModeType.PESSIMISTIC_WRITE);
  }

  /** Newest first, from the one behind {@code after}. */
  List<ApiKeyEntity> page(Optional<ApiKeys.Cursor> after, int size) {
    var query =
        after
            .map(
                last ->
                    find(
                        "createdAt < ?1 or (createdAt = ?1 and id < ?2)",
                        NEWEST,
                        last.createdAt(),
                        last.id()))
            .orElseGet(() -> findAll(NEWEST));
    return query.page(Page.ofSize(size)).list();
  }

  /** Notes the use unless one was noted later than {@code unlessAfter}: a write is not for free. */
  void noteUse(UUID id, Instant now, Instant unlessAfter) {
    update(
        "lastUsedAt = ?1 where id = ?2 and (lastUsedAt is null or lastUsedAt < ?3)",
        now,
        id,
        unlessAfter);
  }
}
