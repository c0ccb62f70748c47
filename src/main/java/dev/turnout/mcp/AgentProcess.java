package dev.turnout.mcp;

import dev.turnout.grant.AgentGrant;
import io.quarkus.security.identity.SecurityIdentity;
import java.security.Principal;

/** A process of an agent, as the one who makes a request. It has no scopes of an API key. */
record AgentProcess(AgentGrant grant) implements Principal {
  /**
   * The process behind a request.
   *
   * @throws IllegalStateException when no token was shown: such a request must not come so far
   */
  static AgentProcess of(SecurityIdentity identity) {
    if (identity.getPrincipal() instanceof AgentProcess process) {
      return process;
    }
    throw new IllegalStateException("a request came here without a token");
  }

  @Override
  public String getName() {
    return "agent of session " + grant.session().value();
  }
}
