package dev.turnout.session;

import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import io.quarkus.hibernate.orm.panache.PanacheRepository;
import io.quarkus.panache.common.Page;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;

/** Sessions as rows. The hot path never comes here: it knows a session by its number. */
@ApplicationScoped
class SessionRepository implements PanacheRepository<SessionEntity> {
  Optional<SessionEntity> byKey(TenantId tenant, SessionKey key) {
    return find("tenant = ?1 and key = ?2", tenant.value(), key.value()).firstResultOptional();
  }

  /** The same, and nobody else changes or deletes it before this transaction has ended. */
  Optional<SessionEntity> lockedByKey(TenantId tenant, SessionKey key) {
    return find("tenant = ?1 and key = ?2", tenant.value(), key.value())
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResultOptional();
  }

  /** Newest first, from the one before {@code beforeId}. */
  List<SessionEntity> page(TenantId tenant, String keyPrefix, long beforeId, int size) {
    // Not LIKE: a key may hold its wildcards.
    return find(
            "tenant = ?1 and id < ?2 and substring(key, 1, ?3) = ?4",
            Sort.descending("id"),
            tenant.value(),
            beforeId,
            keyPrefix.length(),
            keyPrefix)
        .page(Page.ofSize(size))
        .list();
  }
}
