package dev.turnout.admin;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.cooldown.Cooldown;
import dev.turnout.cooldown.CooldownScope;
import dev.turnout.cooldown.Cooldowns;
import dev.turnout.http.ProblemException;
import dev.turnout.http.ProblemType;
import dev.turnout.http.PublicApi;
import dev.turnout.identity.Scope;
import dev.turnout.routing.Ways;
import dev.turnout.settings.AuthProfileSettings;
import dev.turnout.settings.AuthProfileSettings.SecretRef;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.settings.Reach;
import dev.turnout.settings.Settings;
import dev.turnout.telemetry.Telemetry;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** How accounts and backends do. Cooldowns are the fleet's; attempts are this replica's. */
@Path("/admin/v1")
@Tag(name = "health")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.ADMIN_ROLE)
class HealthResource {
  private final CurrentSettings settings;
  private final AuthProfiles authProfiles;
  private final Cooldowns cooldowns;
  private final Telemetry telemetry;
  private final Clock clock;

  HealthResource(
      CurrentSettings settings,
      AuthProfiles authProfiles,
      Cooldowns cooldowns,
      Telemetry telemetry,
      Clock clock) {
    this.settings = settings;
    this.authProfiles = authProfiles;
    this.cooldowns = cooldowns;
    this.telemetry = telemetry;
    this.clock = clock;
  }

  @GET
  @Path("auth-profiles")
  @RunOnVirtualThread
  @Operation(operationId = "listAuthProfiles", summary = "How all auth profiles do, by name")
  public AuthProfileBody.All authProfiles() {
    var current = settings.snapshot();
    return new AuthProfileBody.All(
        current.authProfiles().values().stream()
            .sorted(Comparator.comparing(profile -> profile.id().value()))
            .map(profile -> body(profile, current))
            .toList());
  }

  @GET
  @Path("auth-profiles/{name}")
  @RunOnVirtualThread
  @Operation(
      operationId = "getAuthProfile",
      summary = "How an auth profile does",
      description = "Whether its secret can be read, what rests of it, and its last failure.")
  @APIResponse(
      responseCode = "200",
      description = "The auth profile.",
      content = @Content(schema = @Schema(implementation = AuthProfileBody.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  public AuthProfileBody authProfile(@PathParam("name") String name) {
    var current = settings.snapshot();
    return current
        .authProfile(new AuthProfileId(name))
        .map(profile -> body(profile, current))
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemType.AUTH_PROFILE_NOT_FOUND, "There is no auth profile " + name + "."));
  }

  @GET
  @Path("backends")
  @RunOnVirtualThread
  @Operation(operationId = "listBackends", summary = "How all backends do, by name")
  public BackendBody.All backends() {
    var current = settings.snapshot();
    return new BackendBody.All(
        current.backends().values().stream()
            .sorted(Comparator.comparing(backend -> backend.id().value()))
            .map(backend -> body(backend, current))
            .toList());
  }

  @GET
  @Path("backends/{name}")
  @RunOnVirtualThread
  @Operation(
      operationId = "getBackend",
      summary = "How a backend does",
      description = "Whether its program is there, what rests of it, and its last failure.")
  @APIResponse(
      responseCode = "200",
      description = "The backend.",
      content = @Content(schema = @Schema(implementation = BackendBody.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  public BackendBody backend(@PathParam("name") String name) {
    var current = settings.snapshot();
    return current
        .backend(new BackendId(name))
        .map(backend -> body(backend, current))
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemType.BACKEND_NOT_FOUND, "There is no backend " + name + "."));
  }

  private AuthProfileBody body(AuthProfileSettings profile, Settings current) {
    var used = used(current, c -> c.authProfile().filter(profile.id()::equals).isPresent());
    return new AuthProfileBody(
        profile.id().value(),
        profile.provider(),
        profile.kind().code(),
        secret(profile),
        used.stream().map(CooldownBody.Covered::of).toList(),
        bodies(all().filter(c -> c.key().account().equals(profile.id().value())).toList()),
        HealthBody.of(telemetry.account(profile.id().value()), telemetry.since()));
  }

  private AuthProfileBody.Secret secret(AuthProfileSettings profile) {
    @Nullable String from =
        profile
            .secret()
            .map(
                ref ->
                    switch (ref) {
                      case SecretRef.Environment(var variable) -> "env:" + variable;
                      case SecretRef.InFile(var path) -> "file:" + path;
                    })
            .orElse(null);
    var state = authProfiles.secretState(profile.id());
    return new AuthProfileBody.Secret(state.code(), from, state.why().orElse(null));
  }

  private BackendBody body(BackendSettings backend, Settings current) {
    var used = used(current, candidate -> candidate.backend().equals(backend.id()));
    var resting =
        all()
            .filter(
                c ->
                    c.key().backend().equals(backend.id().value())
                        || c.key().account().equals("~" + backend.id())
                        || used.stream()
                            .anyMatch(u -> Ways.covers(c.key(), current, u.candidate())))
            .toList();
    return new BackendBody(
        backend.id().value(),
        switch (backend) {
          case BackendSettings.Cli cli -> cli.dialect().name().toLowerCase(Locale.ROOT);
          case BackendSettings.Api api -> api.dialect().name().toLowerCase(Locale.ROOT);
        },
        backend instanceof BackendSettings.Cli ? "cli" : "api",
        backend instanceof BackendSettings.Cli cli ? ProgramSearch.of(cli) : null,
        backend instanceof BackendSettings.Api api
            ? api.baseUrl().map(HealthResource::withoutUser).orElse(null)
            : null,
        used.stream().flatMap(u -> model(u.candidate(), backend).stream()).distinct().toList(),
        used.stream().map(CooldownBody.Covered::of).toList(),
        resting.stream()
            .filter(c -> c.key().scope() == CooldownScope.SERVICE)
            .map(c -> new BackendBody.Breaker(c.key().model(), c.key().lane(), breaker(c)))
            .toList(),
        bodies(resting),
        HealthBody.of(telemetry.backend(backend.id()), telemetry.since()));
  }

  private static Optional<String> model(Candidate candidate, BackendSettings backend) {
    return candidate
        .model()
        .or(
            () ->
                switch (backend) {
                  case BackendSettings.Cli _ -> Optional.empty();
                  case BackendSettings.Api api -> api.defaultModel();
                });
  }

  /** A password may stand in the address of a proxy. */
  private static String withoutUser(URI address) {
    return address.toString().replaceFirst("://[^/@]*@", "://");
  }

  private String breaker(Cooldown cooldown) {
    if (cooldown.rests(clock.instant())) {
      return "open";
    }
    return cooldown.step() > 0 && cooldown.probeNeeded() ? "half_open" : "closed";
  }

  private Stream<Cooldown> all() {
    return cooldowns.snapshot().all().stream()
        .sorted(Comparator.comparing(Cooldown::firstAt).reversed());
  }

  private List<CooldownBody> bodies(List<Cooldown> found) {
    var now = clock.instant();
    return found.stream().map(cooldown -> CooldownBody.of(cooldown, now)).toList();
  }

  private static List<Ways.Covered> used(Settings settings, Predicate<Candidate> which) {
    return settings.agents().values().stream()
        .sorted(Comparator.comparing(agent -> agent.id().value()))
        .flatMap(
            agent ->
                Reach.of(agent).stream().filter(which).map(c -> new Ways.Covered(agent.id(), c)))
        .toList();
  }
}
