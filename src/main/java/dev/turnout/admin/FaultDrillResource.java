package dev.turnout.admin;

import dev.turnout.drill.FaultDrills;
import dev.turnout.http.Cursors;
import dev.turnout.http.PageLimit;
import dev.turnout.http.ProblemException;
import dev.turnout.http.ProblemType;
import dev.turnout.http.PublicApi;
import dev.turnout.identity.Caller;
import dev.turnout.identity.Scope;
import dev.turnout.settings.CurrentSettings;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
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

/** Fault drills: failures that an operator orders, to see what comes of them. */
@Path("/admin/v1/fault-drills")
@Tag(name = "fault drills")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.ADMIN_ROLE)
class FaultDrillResource {
  private final FaultDrills drills;
  private final CurrentSettings settings;
  private final Clock clock;
  private final SecurityIdentity identity;

  FaultDrillResource(
      FaultDrills drills, CurrentSettings settings, Clock clock, SecurityIdentity identity) {
    this.drills = drills;
    this.settings = settings;
    this.clock = clock;
    this.identity = identity;
  }

  @POST
  @RunOnVirtualThread
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "orderFaultDrill",
      summary = "Order failures",
      description =
          "Attempts of the backend or with the auth profile fail with this reason and nobody is"
              + " asked, on all replicas, until so many turns were failed or the time is over, a"
              + " day at most. Everything after the failure is as it would be: fallback, messages,"
              + " decisions. Unless `cooldowns` is true nothing rests for it, so that turns that"
              + " the drill is not for go on as before. A turn counts once, however many of its"
              + " attempts fail.")
  @APIResponse(
      responseCode = "201",
      description = "The drill.",
      content = @Content(schema = @Schema(implementation = FaultDrillBody.class)))
  @APIResponse(responseCode = "415", ref = PublicApi.PROBLEM)
  public Response make(@NotNull @Valid FaultDrillBody.Make body) {
    var order = FaultDrillOrders.read(body, settings.snapshot());
    var made = drills.make(order, Caller.of(identity).label());
    return Response.status(Response.Status.CREATED)
        .header(HttpHeaders.LOCATION, "/admin/v1/fault-drills/" + made.id())
        .entity(FaultDrillBody.of(made, clock.instant()))
        .build();
  }

  @GET
  @RunOnVirtualThread
  @Operation(
      operationId = "listFaultDrills",
      summary = "List fault drills, newest first",
      description = "Those that ended, too, for 30 days.")
  public FaultDrillBody.Page list(
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
    var after = Cursors.place(cursor).map(place -> new FaultDrills.Cursor(place.at(), place.id()));
    var found = drills.page(after, size + 1);
    var now = clock.instant();
    var items = found.stream().limit(size).map(drill -> FaultDrillBody.of(drill, now)).toList();
    if (found.size() <= size) {
      return new FaultDrillBody.Page(items, null);
    }
    var last = found.get(size - 1);
    return new FaultDrillBody.Page(
        items, Cursors.write(new Cursors.Place(last.createdAt(), last.id())));
  }

  @GET
  @Path("{id}")
  @RunOnVirtualThread
  @Operation(operationId = "getFaultDrill", summary = "Read a fault drill")
  @APIResponse(
      responseCode = "200",
      description = "The drill.",
      content = @Content(schema = @Schema(implementation = FaultDrillBody.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  public FaultDrillBody get(@PathParam("id") String id) {
    return parse(id)
        .flatMap(drills::find)
        .map(drill -> FaultDrillBody.of(drill, clock.instant()))
        .orElseThrow(() -> noDrill(id));
  }

  @DELETE
  @Path("{id}")
  @RunOnVirtualThread
  @Operation(
      operationId = "endFaultDrill",
      summary = "End a fault drill",
      description = "It strikes no attempt any more. One that has ended stays as it is.")
  @APIResponse(responseCode = "204", description = "It has ended.")
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  public void end(@PathParam("id") String id) {
    var drill = parse(id).flatMap(drills::find).orElseThrow(() -> noDrill(id));
    drills.end(drill.id());
  }

  private static Optional<UUID> parse(String id) {
    try {
      return Optional.of(UUID.fromString(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ProblemException noDrill(String id) {
    return new ProblemException(
        ProblemType.FAULT_DRILL_NOT_FOUND, "There is no fault drill " + id + ".");
  }
}
