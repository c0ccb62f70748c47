package dev.turnout.backend.api;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.Backend;
import dev.turnout.backend.BackendRuntime;
import dev.turnout.backend.EventSink;
import dev.turnout.failure.FailureSignal;
import dev.turnout.settings.BackendSettings;
import dev.turnout.turn.SteerRefusal;

/** A model API: one streamed request an attempt, the conversation sent along each time. */
final class ApiBackend implements Backend {
  private final BackendSettings.Api settings;
  private final AuthProfiles authProfiles;
  private final ModelStream stream;

  ApiBackend(BackendSettings.Api settings, AuthProfiles authProfiles, ModelStream stream) {
    this.settings = settings;
    this.authProfiles = authProfiles;
    this.stream = stream;
  }

  @Override
  public BackendRuntime runtime() {
    return BackendRuntime.API;
  }

  @Override
  public AttemptResult attempt(AttemptRequest request, EventSink sink) {
    request.outside().isDeaf(SteerRefusal.NO_LIVING_PROCESS);
    return switch (ModelCall.plan(settings, authProfiles, request)) {
      case ModelCall.PlanResult.Missing(var what) ->
          AttemptResult.Failed.of(new FailureSignal.ConfigMissing(what));
      case ModelCall.PlanResult.Ready(var call) -> new ModelExchange(call, stream, sink).run();
    };
  }
}
