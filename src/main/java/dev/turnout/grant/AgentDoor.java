package dev.turnout.grant;

import java.net.URI;
import java.util.Optional;

/** Where the processes of agents find Turnout's own tools. */
@FunctionalInterface
public interface AgentDoor {
  /** Its address on this machine; empty as long as nobody listens there, and where nobody will. */
  Optional<URI> mcp();

  /**
   * Returns when the door is open, or when waiting for that makes no sense any more. After a start
   * the first turns are there before the server listens.
   */
  default void awaitOpening() throws InterruptedException {}
}
