package dev.turnout.backend.cli;

import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.Backend;
import dev.turnout.backend.BackendRuntime;
import dev.turnout.backend.EventSink;
import dev.turnout.grant.AgentDoor;

/**
 * A CLI whose agent has Turnout's own tools. No attempt begins before their door is open: what a
 * process is told at its start, a wrong address too, it keeps for as long as it lives.
 */
record PatientBackend(Backend backend, AgentDoor door) implements Backend {
  @Override
  public BackendRuntime runtime() {
    return backend.runtime();
  }

  @Override
  public AttemptResult attempt(AttemptRequest request, EventSink sink) {
    try {
      door.awaitOpening();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new AttemptResult.Aborted();
    }
    return backend.attempt(request, sink);
  }
}
