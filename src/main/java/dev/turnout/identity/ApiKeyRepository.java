package dev.turnout.identity;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Keys as rows. */
@ApplicationScoped
class ApiKeyRepository implements PanacheRepositoryBase<ApiKeyEntity, UUID> {
  Optional<ApiKeyEntity> byHash(String hash) {
    return find("hash", hash).firstResultOptional();
  }
}
