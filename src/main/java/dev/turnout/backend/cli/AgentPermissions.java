package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What an agent may do when it asks before it does it. Nobody is there to be asked, so that the
 * answer is a rule.
 */
@FunctionalInterface
interface AgentPermissions {
  /** No to everything. */
  AgentPermissions DENY = _ -> false;

  /**
   * Whether the agent may.
   *
   * @param asked the parameters of its request, in the words of its protocol
   */
  boolean allows(JsonNode asked);
}
