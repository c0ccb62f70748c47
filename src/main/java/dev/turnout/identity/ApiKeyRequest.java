package dev.turnout.identity;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** Asks who comes with this key. */
final class ApiKeyRequest extends BaseAuthenticationRequest {
  private final String secret;

  ApiKeyRequest(String secret) {
    this.secret = secret;
  }

  String secret() {
    return secret;
  }
}
