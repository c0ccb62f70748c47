package dev.turnout.backend.api;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.Backend;
import dev.turnout.backend.BackendProvider;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.BackendSettings.ApiDialect;
import dev.turnout.settings.CurrentSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Opens model APIs. Backends at one address share its connections. */
@ApplicationScoped
public class ApiBackendProvider implements BackendProvider {
  private record Endpoint(ApiDialect dialect, Optional<URI> baseUrl, Duration connect) {}

  private final AuthProfiles authProfiles;
  private final CurrentSettings settings;

  /** Never emptied: addresses are as few as an operator types. */
  private final Map<Endpoint, ModelStream> streams = new ConcurrentHashMap<>();

  @Inject
  public ApiBackendProvider(AuthProfiles authProfiles, CurrentSettings settings) {
    this.authProfiles = authProfiles;
    this.settings = settings;
  }

  @Override
  public Optional<Backend> open(BackendSettings backend) {
    return switch (backend) {
      case BackendSettings.Api api ->
          Optional.of(
              new ApiBackend(
                  api,
                  authProfiles,
                  streams.computeIfAbsent(
                      new Endpoint(api.dialect(), api.baseUrl(), api.limits().connect()),
                      this::stream)));
      case BackendSettings.Cli _ -> Optional.empty();
    };
  }

  private ModelStream stream(Endpoint endpoint) {
    var http = ModelHttp.client(() -> settings.snapshot().egress(), endpoint.connect());
    return switch (endpoint.dialect()) {
      case ANTHROPIC -> new AnthropicStream(endpoint.baseUrl(), http);
      case OPENAI -> new OpenAiStream(endpoint.baseUrl(), http);
    };
  }
}
