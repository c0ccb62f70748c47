package dev.turnout.mcp;

import dev.turnout.grant.AgentGrants;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Turns a token into the process that it was given to, while that process lives. */
@ApplicationScoped
class AgentTokenProvider implements IdentityProvider<AgentToken> {
  private final AgentGrants grants;

  AgentTokenProvider(AgentGrants grants) {
    this.grants = grants;
  }

  @Override
  public Class<AgentToken> getRequestType() {
    return AgentToken.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      AgentToken token, AuthenticationRequestContext context) {
    return Uni.createFrom()
        .item(
            () ->
                grants
                    .find(token.secret())
                    .<SecurityIdentity>map(
                        grant ->
                            QuarkusSecurityIdentity.builder()
                                .setPrincipal(new AgentProcess(grant))
                                .build())
                    .orElseThrow(
                        () ->
                            new AuthenticationFailedException(
                                "The token is not known: its process has ended.")));
  }
}
