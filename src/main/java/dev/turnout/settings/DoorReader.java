package dev.turnout.settings;

import dev.turnout.settings.DoorSettings.ClientCertificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads and checks what {@link DoorConfig} says. */
final class DoorReader {
  /** The codes of the scopes that there are; the identity room owns them and knows no settings. */
  private static final Set<String> SCOPES = Set.of("turns", "read", "admin");

  private static final String TENANT = "[a-z0-9][a-z0-9._-]{0,63}";
  private static final int LAST_PORT = 65_535;

  private final TurnoutConfig config;
  private final Violations violations;

  private DoorReader(TurnoutConfig config, Violations violations) {
    this.config = config;
    this.violations = violations;
  }

  static DoorSettings read(TurnoutConfig config, Violations violations) {
    var reader = new DoorReader(config, violations);
    return new DoorSettings(
        reader.oidc(),
        reader.admin(),
        reader.certificate("tls.client-certificate", config.tls().clientCertificate()));
  }

  private Optional<DoorSettings.Oidc> oidc() {
    var oidc = config.oidc();
    violations.notNegative("oidc.clock-skew", oidc.clockSkew());
    oidc.defaultTenant()
        .filter(tenant -> !tenant.matches(TENANT))
        .ifPresent(
            tenant ->
                violations.add(
                    "oidc.default-tenant",
                    tenant,
                    "1 to 64 small letters, digits, dots, hyphens and underscores"));
    oidc.scopes()
        .forEach(
            (value, scope) -> {
              if (!SCOPES.contains(scope)) {
                violations.add("oidc.scopes." + value, scope, "one of turns, read, admin");
              }
            });
    return oidc.issuer().flatMap(issuer -> issuer(issuer, oidc));
  }

  private Optional<DoorSettings.Oidc> issuer(String issuer, DoorConfig.Oidc oidc) {
    if (Urls.of(issuer).isEmpty()) {
      violations.add("oidc.issuer", issuer, "an http or https URL");
    }
    var audience = oidc.audience().orElse(List.of());
    if (audience.isEmpty() || audience.contains("any")) {
      // The framework takes this word for "do not look".
      violations.say(
          "oidc.audience",
          "must name what tokens are for: without it those of other services would open");
      return Optional.empty();
    }
    return Optional.of(
        new DoorSettings.Oidc(
            issuer,
            audience,
            oidc.tenantClaim(),
            oidc.defaultTenant(),
            oidc.scopeClaim(),
            oidc.scopePrefix(),
            oidc.scopes(),
            oidc.clockSkew()));
  }

  private Optional<DoorSettings.Admin> admin() {
    var admin = config.admin();
    var certificate = certificate("admin.client-certificate", admin.clientCertificate());
    if (certificate != ClientCertificate.NONE
        && admin.port().isPresent()
        && admin.tlsConfiguration().isEmpty()) {
      violations.say("admin.client-certificate", "needs admin.tls-configuration beside it");
    }
    admin
        .port()
        .filter(port -> port < 0 || port > LAST_PORT)
        .ifPresent(
            port -> violations.add("admin.port", port.toString(), "a port from 0 to " + LAST_PORT));
    return admin
        .port()
        .map(
            port ->
                new DoorSettings.Admin(port, admin.host(), admin.tlsConfiguration(), certificate));
  }

  private ClientCertificate certificate(String key, String value) {
    return violations.oneOf(key, value, ClientCertificate.class).orElse(ClientCertificate.NONE);
  }
}
