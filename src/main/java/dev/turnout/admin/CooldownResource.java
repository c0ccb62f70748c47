package dev.turnout.admin;

import dev.turnout.audit.Audit;
import dev.turnout.cooldown.Cooldown;
import dev.turnout.cooldown.CooldownFilter;
import dev.turnout.cooldown.Cooldowns;
import dev.turnout.http.Cursors;
import dev.turnout.http.PageLimit;
import dev.turnout.http.Problem;
import dev.turnout.http.ProblemException;
import dev.turnout.http.ProblemType;
import dev.turnout.http.PublicApi;
import dev.turnout.identity.Scope;
import dev.turnout.settings.CurrentSettings;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Cooldowns: found, read, made, cleared, probed. Each change leaves a line in the audit trail. */
@Path("/admin/v1/cooldowns")
@Tag(name = "cooldowns")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.ADMIN_ROLE)
class CooldownResource {
  private static final int HISTORY = 100;

  private final Cooldowns cooldowns;
  private final CurrentSettings settings;
  private final Clock clock;
  private final Audit audit;
  private final AdminRequest request;
  private final CooldownProbes probes;

  CooldownResource(
      Cooldowns cooldowns,
      CurrentSettings settings,
      Clock clock,
      Audit audit,
      AdminRequest request,
      CooldownProbes probes) {
    this.cooldowns = cooldowns;
    this.settings = settings;
    this.clock = clock;
    this.audit = audit;
    this.request = request;
    this.probes = probes;
  }

  @GET
  @RunOnVirtualThread
  @Operation(
      operationId = "listCooldowns",
      summary = "List cooldowns, the latest first",
      description = "Those whose rest is over, too: they keep their place on the ladder.")
  public CooldownBody.Page list(
      @BeanParam CooldownParameters parameters,
      @QueryParam("cursor") @Nullable String cursor,
      @Parameter(
              schema =
                  @Schema(
                      type = SchemaType.INTEGER,
                      minimum = PageLimit.SMALLEST,
                      maximum = PageLimit.LARGEST,
                      defaultValue = PageLimit.USUAL))
          @QueryParam("limit")
          @Nullable String limit) {
    int size = PageLimit.read(limit);
    var after = Cursors.place(cursor).map(place -> new Cooldowns.Place(place.at(), place.id()));
    CooldownFilter filter = parameters.filter();
    var found = cooldowns.page(filter, after, size + 1);
    var now = clock.instant();
    var items = found.stream().limit(size).map(c -> CooldownBody.of(c, now)).toList();
    if (found.size() <= size) {
      return new CooldownBody.Page(items, null);
    }
    var last = found.get(size - 1);
    return new CooldownBody.Page(
        items, Cursors.write(new Cursors.Place(last.firstAt(), last.id())));
  }

  @GET
  @Path("{id}")
  @RunOnVirtualThread
  @Operation(
      operationId = "getCooldown",
      summary = "Read a cooldown",
      description =
          "With its evidence, its history, and the candidates that it keeps from being asked.")
  @APIResponse(
      responseCode = "200",
      description = "The cooldown.",
      content = @Content(schema = @Schema(implementation = CooldownBody.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  public CooldownBody get(@PathParam("id") String id) {
    return detail(find(id));
  }

  @POST
  @RunOnVirtualThread
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "makeCooldown",
      summary = "Make something rest",
      description =
          "In the place of any cooldown of the same key. On all replicas at once, and over like any"
              + " other: by a success after its rest, or when it is cleared.")
  @APIResponse(
      responseCode = "201",
      description = "The cooldown.",
      content = @Content(schema = @Schema(implementation = CooldownBody.class)))
  @APIResponse(responseCode = "415", ref = PublicApi.PROBLEM)
  public Response make(@NotNull @Valid CooldownWishes.Make body) {
    var reason = CooldownKeys.reason(body);
    var current = settings.snapshot();
    var key = CooldownKeys.read(body, reason, current);
    var until = until(body);
    var entry = request.entry("cooldown.make", "").because(body.why());
    var made =
        cooldowns.create(
            key,
            reason,
            current.rests(),
            until,
            entry.who().name(),
            body.why(),
            (connection, before, after) -> {
              var now = clock.instant();
              var line = entry.about(after.id().toString()).to(CooldownBody.of(after, now));
              audit.record(
                  connection, before.map(b -> line.from(CooldownBody.of(b, now))).orElse(line));
            });
    return Response.status(Response.Status.CREATED)
        .header(HttpHeaders.LOCATION, "/admin/v1/cooldowns/" + made.id())
        .entity(detail(made))
        .build();
  }

  private Instant until(CooldownWishes.Make body) {
    var now = clock.instant();
    if (body.until() == null && body.forSeconds() == null) {
      throw flaw("/until", "must be there, or forSeconds");
    }
    if (body.until() != null && body.forSeconds() != null) {
      throw flaw("/forSeconds", "must not be there beside until");
    }
    var until =
        Optional.ofNullable(body.forSeconds())
            .map(now::plusSeconds)
            .or(() -> Optional.ofNullable(body.until()))
            .orElseThrow();
    if (!until.isAfter(now)) {
      throw flaw("/until", "must be in the future");
    }
    if (until.isAfter(now.plusSeconds(CooldownWishes.LONGEST_REST))) {
      throw flaw("/until", "must be within a year");
    }
    return until;
  }

  @DELETE
  @Path("{id}")
  @RunOnVirtualThread
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "clearCooldown",
      summary = "End a cooldown",
      description =
          "On all replicas at once, ladder and all. Say why: as the parameter `why`, or in a body.")
  @APIResponse(responseCode = "204", description = "It is over.")
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "415", ref = PublicApi.PROBLEM)
  public void clear(
      @PathParam("id") String id,
      @QueryParam("why") @Nullable String why,
      @Valid CooldownWishes.@Nullable Clear body) {
    var said =
        Optional.ofNullable(why)
            .or(() -> Optional.ofNullable(body).flatMap(b -> Optional.ofNullable(b.why())))
            .filter(text -> !text.isBlank() && text.length() <= 1000 && text.indexOf('\0') < 0)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.ofParameter("why", "must have 1 to 1000 characters")));
    var cooldown = find(id);
    var entry = request.entry("cooldown.clear", cooldown.id()).because(said);
    boolean cleared =
        cooldowns.clear(
            cooldown.id(),
            entry.who().name(),
            said,
            (connection, before) ->
                audit.record(
                    connection,
                    before
                        .map(was -> entry.from(CooldownBody.of(was, clock.instant())))
                        .orElse(entry)));
    if (!cleared) {
      throw noCooldown(id);
    }
  }

  @POST
  @Path("{id}/probe")
  @RunOnVirtualThread
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "probeCooldown",
      summary = "Find out whether a cooldown can end",
      description =
          "Really asks a candidate that rests for it, once, in no session: it may cost a little. Waits"
              + " for the answer. A success ends what it proves wrong; a failure counts as any other.")
  @APIResponse(
      responseCode = "200",
      description = "What was found.",
      content = @Content(schema = @Schema(implementation = CooldownWishes.Probed.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "409", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "415", ref = PublicApi.PROBLEM)
  public CooldownWishes.Probed probe(
      @PathParam("id") String id, @Valid CooldownWishes.@Nullable Probe body) {
    var wish = body == null ? new CooldownWishes.Probe(null, null, null, null) : body;
    return probes.probe(find(id), wish);
  }

  /** The timeout of a probe that names none. */
  static Duration timeout(CooldownWishes.Probe wish) {
    return Duration.ofSeconds(Optional.ofNullable(wish.timeoutSeconds()).orElse(60));
  }

  private CooldownBody detail(Cooldown cooldown) {
    return CooldownBody.of(
        cooldown,
        CooldownBody.Covered.of(cooldown.key(), settings.snapshot()),
        cooldowns.history(cooldown.key(), HISTORY),
        clock.instant());
  }

  private Cooldown find(String id) {
    return parse(id).flatMap(cooldowns::find).orElseThrow(() -> noCooldown(id));
  }

  private static Optional<UUID> parse(String id) {
    try {
      return Optional.of(UUID.fromString(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ProblemException flaw(String pointer, String why) {
    return new ProblemException(Problem.ofField(ProblemType.INVALID_FIELD, pointer, why));
  }

  private static ProblemException noCooldown(String id) {
    return new ProblemException(ProblemType.COOLDOWN_NOT_FOUND, "There is no cooldown " + id + ".");
  }
}
