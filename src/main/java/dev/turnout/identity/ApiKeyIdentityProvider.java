package dev.turnout.identity;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Turns an API key into the identity that endpoints see: the caller, its scopes as roles. */
@ApplicationScoped
class ApiKeyIdentityProvider implements IdentityProvider<ApiKeyCredential> {
  private final ApiKeys keys;

  ApiKeyIdentityProvider(ApiKeys keys) {
    this.keys = keys;
  }

  @Override
  public Class<ApiKeyCredential> getRequestType() {
    return ApiKeyCredential.class;
  }

  /** Runs on an I/O thread; only a key that was not seen lately needs another one. */
  @Override
  public Uni<SecurityIdentity> authenticate(
      ApiKeyCredential credential, AuthenticationRequestContext context) {
    return keys.remembered(credential.secret())
        .map(found -> Uni.createFrom().item(() -> identity(found)))
        .orElseGet(() -> context.runBlocking(() -> identity(keys.lookUp(credential.secret()))));
  }

  private static SecurityIdentity identity(KeyLookup found) {
    return switch (found) {
      case KeyLookup.Valid(var caller) ->
          QuarkusSecurityIdentity.builder().setPrincipal(caller).addRoles(caller.roles()).build();
      case KeyLookup.Ended(var at) ->
          throw new AuthenticationFailedException("The API key ended at " + at + ".");
      case KeyLookup.Unknown() ->
          throw new AuthenticationFailedException("The API key is not known.");
    };
  }
}
