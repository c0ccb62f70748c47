package dev.turnout.http;

import dev.turnout.identity.Caller;
import dev.turnout.identity.ClaimMapping;
import dev.turnout.identity.Scope;
import dev.turnout.identity.TokenReading;
import dev.turnout.settings.DoorSettings;
import dev.turnout.settings.InstallationSettings;
import dev.turnout.turn.TenantId;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.common.runtime.OidcCommonUtils;
import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Signs in by a token of the issuer that the operator named. The framework says whether the token
 * is genuine; who that is here, in which tenant and with which scopes, is read from its claims. The
 * token itself goes no further than this: not into the identity, not into logs.
 */
@Singleton
class TokenSignIn {
  private static final Logger LOG = System.getLogger(TokenSignIn.class.getName());

  /** Three parts of base64url, the first of which is a JSON object; unsigned ones end in a dot. */
  private static final Pattern TOKEN =
      Pattern.compile("eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");

  private final Optional<ClaimMapping> mapping;
  private final OidcAuthenticationMechanism oidc;

  TokenSignIn(InstallationSettings installation, OidcAuthenticationMechanism oidc) {
    mapping = installation.doors().oidc().map(TokenSignIn::mapping);
    this.oidc = oidc;
  }

  /** Whether tokens open here at all. */
  boolean isOn() {
    return mapping.isPresent();
  }

  /** Whether this is the token of an issuer, and no API key. */
  boolean isFor(String credential) {
    return isOn() && TOKEN.matcher(credential).matches();
  }

  /**
   * Signs in, or fails with what the caller is to be told.
   *
   * @param mechanism whose challenge answers a refusal, in place of the framework's
   */
  Uni<SecurityIdentity> signIn(
      RoutingContext request, IdentityProviderManager identities, ApiKeyMechanism mechanism) {
    return oidc.authenticate(request, identities)
        .map(this::caller)
        .onFailure()
        .transform(failure -> refused(failure, request))
        .onItemOrFailure()
        .invoke((_, _) -> mechanism.answersFor(request));
  }

  private SecurityIdentity caller(SecurityIdentity genuine) {
    // Its own view of the claims wraps some of the values; what was signed is plain JSON, in which
    // the verifier allows no name twice.
    var signed =
        OidcCommonUtils.decodeJwtContent(
            genuine.getCredential(AccessTokenCredential.class).getToken());
    return switch (mapping.orElseThrow().read(signed.getMap())) {
      case TokenReading.Known(var caller) -> identity(caller);
      case TokenReading.Refused(var why) -> throw new UnusableToken(why);
    };
  }

  private static SecurityIdentity identity(Caller caller) {
    return QuarkusSecurityIdentity.builder().setPrincipal(caller).addRoles(caller.roles()).build();
  }

  private static Throwable refused(Throwable failure, RoutingContext request) {
    var problem =
        failure instanceof UnusableToken unusable
            ? Problem.of(ProblemType.INVALID_TOKEN, unusable.why)
            : TokenFlaws.describe(failure);
    // The types of what failed alone: their messages may quote the token.
    LOG.log(Level.DEBUG, "a token: {0} ({1})", problem.detail(), TokenFlaws.kind(failure));
    if (problem.status() != 401) {
      LOG.log(
          Level.WARNING,
          "tokens cannot be verified, the issuer does not answer as it should: {0}",
          TokenFlaws.kind(failure));
    }
    return SignInRefused.because(request, problem);
  }

  private static ClaimMapping mapping(DoorSettings.Oidc oidc) {
    Map<String, Scope> scopes =
        oidc.scopes().entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, entry -> Scope.ofCode(entry.getValue()).orElseThrow()));
    return new ClaimMapping(
        oidc.tenantClaim(),
        oidc.defaultTenant().map(TenantId::new),
        oidc.scopeClaim(),
        oidc.scopePrefix(),
        scopes);
  }

  /** A genuine token that names nobody who could be let in. */
  private static final class UnusableToken extends RuntimeException {
    private final String why;

    UnusableToken(String why) {
      super(why, null, false, false);
      this.why = why;
    }
  }
}
