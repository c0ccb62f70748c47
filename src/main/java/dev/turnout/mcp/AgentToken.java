package dev.turnout.mcp;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** The token that a process shows. */
final class AgentToken extends BaseAuthenticationRequest {
  private final String secret;

  AgentToken(String secret) {
    this.secret = secret;
  }

  String secret() {
    return secret;
  }
}
