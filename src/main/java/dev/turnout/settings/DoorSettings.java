package dev.turnout.settings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How callers come in and sign in. Belongs to the process and is read once.
 *
 * @param oidc the issuer whose tokens open; empty when none do
 * @param admin the listener of operators; empty when they use the main one
 * @param clientCertificate what the main listener asks of callers over TLS
 */
public record DoorSettings(
    Optional<Oidc> oidc, Optional<Admin> admin, ClientCertificate clientCertificate) {
  /** What a listener does about certificates of its callers. */
  public enum ClientCertificate {
    /** Asks for none. */
    NONE,
    /** Asks, and lets in who has none; one that it does not trust is refused. */
    REQUEST,
    /** Ends the handshake without a trusted one. */
    REQUIRED
  }

  /**
   * An issuer, and how its claims are read.
   *
   * @param issuer as tokens name it in {@code iss}
   * @param audience one of these must be in {@code aud}; at least one
   * @param tenantClaim a name or a path
   * @param defaultTenant of tokens that name none
   * @param scopeClaim a name or a path
   * @param scopePrefix before the names of our scopes
   * @param scopes the names of our scopes by other values of that claim
   */
  public record Oidc(
      String issuer,
      List<String> audience,
      String tenantClaim,
      Optional<String> defaultTenant,
      String scopeClaim,
      String scopePrefix,
      Map<String, String> scopes,
      Duration clockSkew) {
    public Oidc {
      audience = List.copyOf(audience);
      scopes = Map.copyOf(scopes);
    }
  }

  /**
   * The listener of operators.
   *
   * @param port 0 for any free one
   * @param tlsConfiguration a name of the framework's TLS registry; plain HTTP when empty
   */
  public record Admin(
      int port,
      String host,
      Optional<String> tlsConfiguration,
      ClientCertificate clientCertificate) {}
}
