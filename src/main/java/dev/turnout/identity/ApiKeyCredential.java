package dev.turnout.identity;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** The API key that a request shows. A type of its own, beside the tokens of an OIDC provider. */
public final class ApiKeyCredential extends BaseAuthenticationRequest {
  private final String secret;

  public ApiKeyCredential(String secret) {
    this.secret = secret;
  }

  String secret() {
    return secret;
  }
}
