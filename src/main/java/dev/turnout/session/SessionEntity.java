package dev.turnout.session;

import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row of {@code turnout.session}. */
@Entity
@Table(name = "session", schema = "turnout")
class SessionEntity {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  @Column(name = "id")
  long id;

  @Column(name = "tenant", nullable = false, updatable = false)
  String tenant;

  @Column(name = "key", nullable = false, updatable = false)
  String key;

  @Column(name = "agent")
  @Nullable String agent;

  @Column(name = "auth_profile")
  @Nullable String authProfile;

  @Column(name = "metadata", nullable = false)
  String metadata;

  @Column(name = "created_at", nullable = false, updatable = false)
  Instant createdAt;

  @Column(name = "updated_at", nullable = false)
  Instant updatedAt;

  Session toSession() {
    return new Session(
        new SessionId(id),
        new TenantId(tenant),
        new SessionKey(key),
        Optional.ofNullable(agent).map(AgentId::new),
        Optional.ofNullable(authProfile).map(AuthProfileId::new),
        metadata,
        createdAt,
        updatedAt);
  }
}
