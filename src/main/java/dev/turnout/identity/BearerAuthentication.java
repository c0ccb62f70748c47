package dev.turnout.identity;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/** {@code Authorization: Bearer KEY}. */
@ApplicationScoped
class BearerAuthentication implements HttpAuthenticationMechanism {
  private static final String SCHEME = "Bearer ";

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext context, IdentityProviderManager identityProviders) {
    var header = context.request().getHeader("Authorization");
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Uni.createFrom().nullItem();
    }
    return identityProviders.authenticate(
        new ApiKeyRequest(header.substring(SCHEME.length()).strip()));
  }

  /** Answered here and not by an exception mapper: it also guards what is not a resource. */
  @Override
  public Uni<Boolean> sendChallenge(RoutingContext context) {
    context
        .response()
        .setStatusCode(401)
        .putHeader("WWW-Authenticate", "Bearer")
        .putHeader("Content-Type", "application/problem+json");
    context
        .response()
        .end(
            """
            {"type":"urn:turnout:problem:unauthenticated","title":"A valid key is needed",\
            "status":401,"detail":"send the header Authorization: Bearer KEY with a valid key",\
            "code":"unauthenticated","retryable":false}""");
    return Uni.createFrom().item(true);
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext context) {
    return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer"));
  }

  @Override
  public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
    return Set.of(ApiKeyRequest.class);
  }
}
