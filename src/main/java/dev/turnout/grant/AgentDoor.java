package dev.turnout.grant;

import java.net.URI;

/** Where the processes of agents find Turnout's own tools. */
@FunctionalInterface
public interface AgentDoor {
  /** Its address on this machine. Known once the server listens. */
  URI mcp();
}
