package dev.turnout.settings;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The doors of a process, as they are written: who signs its callers in, where its operators enter,
 * and which certificates it asks for. Part of {@link TurnoutConfig}; a change needs a restart.
 */
interface DoorConfig {
  /** An OpenID Connect issuer whose tokens open beside API keys. */
  interface Oidc {
    /**
     * The issuer, exactly as its tokens name it in {@code iss}; its keys are found through {@code
     * /.well-known/openid-configuration} below it. No token opens when absent. Allowed: an http or
     * https URL.
     */
    Optional<String> issuer();

    /**
     * Tokens must be for one of these ({@code aud}). Needed beside an issuer: without it a token
     * for any other service of that issuer would open this one.
     */
    Optional<List<String>> audience();

    /** The claim that names the tenant: a name, or a path of names with {@code /} between them. */
    @WithDefault("tenant")
    String tenantClaim();

    /** The tenant of tokens that name none; they are refused when absent. */
    Optional<String> defaultTenant();

    /**
     * The claim with the scopes, as a list or as one text with blanks: a name such as {@code scope}
     * or {@code groups}, or a path such as {@code realm_access/roles}.
     */
    @WithDefault("scope")
    String scopeClaim();

    /**
     * What stands before the name of a scope there, such as in {@code turnout:turns}; whatever does
     * not begin with it means nothing here.
     */
    @WithDefault("turnout:")
    String scopePrefix();

    /**
     * Further values of that claim, such as names of groups, and the scope that each gives: {@code
     * turns}, {@code read} or {@code admin}.
     */
    Map<String, String> scopes();

    /** How far the issuer's clock may be off. Allowed: 0s or longer. */
    @WithDefault("30s")
    Duration clockSkew();
  }

  /** A listener of its own for operators. */
  interface Admin {
    /**
     * The port on which {@code /admin}, {@code /q} and {@code /openapi} answer, and nothing else
     * does. The main port then answers 404 on {@code /admin} and {@code /q/metrics}. Allowed: 0 or
     * more.
     */
    Optional<Integer> port();

    /** The address of that listener; the loopback, whatever the main one is bound to. */
    @WithDefault("127.0.0.1")
    String host();

    /**
     * TLS there, by the name of a configuration {@code quarkus.tls.NAME}; plain HTTP when absent.
     */
    Optional<String> tlsConfiguration();

    /**
     * Whether callers there show a certificate that its trust store knows. Allowed: {@code none},
     * {@code request}, {@code required}.
     */
    @WithDefault("none")
    String clientCertificate();
  }

  /** TLS of the main listener, beside what {@code quarkus.http} and {@code quarkus.tls} say. */
  interface Tls {
    /**
     * Whether callers show a certificate that the trust store knows; an API key or a token is
     * needed all the same. Allowed: {@code none}, {@code request}, {@code required}.
     */
    @WithDefault("none")
    String clientCertificate();
  }
}
