package dev.turnout.backend.api;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.Backend;
import dev.turnout.backend.BackendProvider;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.BackendSettings.ApiDialect;
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

  /** Never emptied: addresses are as few as an operator types. */
  private final Map<Endpoint, ModelStream> streams = new ConcurrentHashMap<>();

  @Inject
  public ApiBackendProvider(AuthProfiles authProfiles) {
    this.authProfiles = authProfiles;
  }

  @Override
  public Optional<Backend> open(BackendSettings settings) {
    return switch (settings) {
      case BackendSettings.Api api ->
          Optional.of(
              new ApiBackend(
                  api,
                  authProfiles,
                  streams.computeIfAbsent(
                      new Endpoint(api.dialect(), api.baseUrl(), api.limits().connect()),
                      ApiBackendProvider::stream)));
      case BackendSettings.Cli _ -> Optional.empty();
    };
  }

  private static ModelStream stream(Endpoint endpoint) {
    return switch (endpoint.dialect()) {
      case ANTHROPIC -> new AnthropicStream(endpoint.baseUrl(), endpoint.connect());
      case OPENAI -> new OpenAiStream(endpoint.baseUrl(), endpoint.connect());
    };
  }
}
