package dev.turnout.backend.api;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.AttemptResult.Failed;
import dev.turnout.backend.BackendEvent;
import dev.turnout.failure.FailureSignal;
import dev.turnout.settings.AuthProfileSettings;
import dev.turnout.settings.AuthProfileSettings.CredentialKind;
import dev.turnout.settings.AuthProfileSettings.SecretRef;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.BackendSettings.ApiDialect;
import dev.turnout.settings.BackendSettings.TimeLimits;
import dev.turnout.settings.EgressSettings;
import dev.turnout.settings.Settings;
import dev.turnout.testing.FakeModelApi;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.Exchange;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;

/** A model API backend over a server that speaks as the real ones do. */
abstract class ApiBackendFixture {
  static final TimeLimits PATIENT = TestSettings.LIMITS;

  final FakeModelApi api = FakeModelApi.start();
  final List<BackendEvent> events = new CopyOnWriteArrayList<>();
  CredentialKind kind = CredentialKind.API_KEY;
  Optional<String> profile = Optional.of("paid");
  Optional<String> systemPrompt = Optional.empty();
  List<Exchange> history = List.of();
  long maxOutputBytes = 1 << 20;
  EgressSettings egress = EgressSettings.STANDARD;

  @AfterEach
  void stop() {
    api.close();
  }

  URI address(ApiDialect dialect) {
    return switch (dialect) {
      case ANTHROPIC -> api.uri();
      case OPENAI -> api.v1();
    };
  }

  AttemptResult ask(ApiDialect dialect, TimeLimits limits, String prompt) {
    return ask(dialect, address(dialect), limits, prompt);
  }

  AttemptResult ask(ApiDialect dialect, URI address, TimeLimits limits, String prompt) {
    var settings =
        new BackendSettings.Api(
            new BackendId("api"),
            dialect,
            Optional.of(address),
            Optional.of("usual-model"),
            1024,
            maxOutputBytes,
            limits);
    return new ApiBackendProvider(profiles(), () -> settings(egress))
        .open(settings)
        .orElseThrow()
        .attempt(
            new AttemptRequest(
                new TurnId(UUID.randomUUID()),
                new SessionId(1),
                new Candidate(settings.id(), Optional.empty(), profile.map(AuthProfileId::new)),
                prompt,
                systemPrompt,
                history,
                Optional.empty(),
                Optional.empty()),
            events::add);
  }

  AuthProfiles profiles() {
    var id = new AuthProfileId("paid");
    var paid =
        new AuthProfileSettings(
            id, "any", kind, Optional.of(new SecretRef.Environment("KEY")), Optional.empty());
    var none = TestSettings.settings(List.of(), 1);
    var settings =
        new Settings(
            1,
            none.defaultAgent(),
            none.agents(),
            none.backends(),
            Map.of(id, paid),
            none.lanes(),
            none.queue(),
            none.fallback(),
            none.decisions());
    return new AuthProfiles(
        () -> settings, name -> Optional.of(FakeModelApi.KEY).filter(k -> name.equals("KEY")));
  }

  private static Settings settings(EgressSettings egress) {
    var none = TestSettings.settings(List.of(), 1);
    return new Settings(
        1,
        none.defaultAgent(),
        none.agents(),
        none.backends(),
        none.authProfiles(),
        none.lanes(),
        none.queue(),
        none.fallback(),
        none.decisions(),
        none.rules(),
        none.rests(),
        none.http(),
        egress,
        none.retention(),
        none.messages());
  }

  static FailureSignal signal(AttemptResult result) {
    return assertInstanceOf(Failed.class, result).signal();
  }

  static TimeLimits limits(Duration firstOutput, Duration idle, Duration total) {
    return new TimeLimits(Duration.ofSeconds(5), firstOutput, idle, total);
  }
}
