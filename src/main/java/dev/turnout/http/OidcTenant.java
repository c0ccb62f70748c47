package dev.turnout.http;

import dev.turnout.settings.DoorSettings;
import dev.turnout.settings.InstallationSettings;
import io.quarkus.oidc.Oidc;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.runtime.OidcConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Tells the framework which issuer's tokens open, when the operator names one. It then verifies
 * signatures, times, issuer and audience; an issuer that does not answer keeps nothing from
 * starting. What {@code quarkus.oidc} says beside it, such as a proxy or a trust store, holds too.
 */
@ApplicationScoped
class OidcTenant {
  private final InstallationSettings installation;
  private final OidcConfig framework;

  OidcTenant(InstallationSettings installation, OidcConfig framework) {
    this.installation = installation;
    this.framework = framework;
  }

  void create(@Observes Oidc oidc) {
    installation.doors().oidc().ifPresent(issuer -> oidc.create(tenant(issuer)));
  }

  private OidcTenantConfig tenant(DoorSettings.Oidc issuer) {
    var written = framework.namedTenants().get(OidcConfig.DEFAULT_TENANT_KEY);
    return OidcTenantConfig.builder(written)
        .tenantEnabled(true)
        .authServerUrl(issuer.issuer())
        .token()
        .issuer(issuer.issuer())
        .audience(issuer.audience())
        .subjectRequired(true)
        .lifespanGrace(Math.toIntExact(issuer.clockSkew().toSeconds()))
        // Only what is signed is believed; nobody is asked about a token that we cannot read.
        .allowJwtIntrospection(false)
        .allowOpaqueTokenIntrospection(false)
        .end()
        .build();
  }
}
