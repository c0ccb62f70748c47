package dev.turnout.identity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A row of {@code turnout.api_key_former}: a text that a key had before. */
@Entity
@Table(name = "api_key_former", schema = "turnout")
class ApiKeyFormerEntity {
  @Id
  @Column(name = "hash")
  byte[] hash;

  @Column(name = "key_id", nullable = false, updatable = false)
  UUID keyId;

  @Column(name = "ends_at", nullable = false, updatable = false)
  Instant endsAt;
}
