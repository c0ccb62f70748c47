package dev.turnout.http;

import dev.turnout.identity.Caller;
import dev.turnout.identity.Scope;
import dev.turnout.intake.TurnCanceller;
import dev.turnout.queue.CancelResult;
import dev.turnout.queue.TurnHistory;
import dev.turnout.queue.TurnView;
import dev.turnout.turn.TenantId;
import dev.turnout.turn.TurnState;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Turns that were accepted: read, followed, ended. */
@Path("/v1/turns")
@Tag(name = "turns")
@Produces(MediaType.APPLICATION_JSON)
class TurnResource {
  private final TurnHistory history;
  private final TurnCanceller canceller;
  private final TurnWait wait;
  private final TurnStream stream;
  private final StreamSeats seats;
  private final SecurityIdentity identity;

  TurnResource(
      TurnHistory history,
      TurnCanceller canceller,
      TurnWait wait,
      TurnStream stream,
      StreamSeats seats,
      SecurityIdentity identity) {
    this.history = history;
    this.canceller = canceller;
    this.wait = wait;
    this.stream = stream;
    this.seats = seats;
    this.identity = identity;
  }

  @GET
  @RunOnVirtualThread
  @RolesAllowed({Scope.TURNS_ROLE, Scope.READ_ROLE})
  @Operation(operationId = "listTurns", summary = "List turns of all sessions, newest first")
  public TurnPage list(
      @QueryParam("cursor") @Nullable String cursor,
      @Parameter(
              schema =
                  @Schema(
                      type = SchemaType.INTEGER,
                      minimum = PageLimit.SMALLEST,
                      maximum = PageLimit.LARGEST,
                      defaultValue = PageLimit.USUAL))
          @QueryParam("limit")
          @Nullable String limit,
      @HeaderParam(HttpHeaders.ACCEPT_LANGUAGE) @Nullable String language) {
    return TurnPages.page(
        cursor,
        PageLimit.read(limit),
        Requests.language(language),
        (after, size) -> history.all(tenant(), after, size));
  }

  @GET
  @Path("{id}")
  @RunOnVirtualThread
  @RolesAllowed({Scope.TURNS_ROLE, Scope.READ_ROLE})
  @Operation(
      operationId = "getTurn",
      summary = "Read a turn",
      description = "`Prefer: wait=N` waits up to N seconds (60 at most) for its end.")
  @APIResponse(
      responseCode = "200",
      description = "The turn as it stands.",
      content = @Content(schema = @Schema(implementation = TurnBody.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  public Response get(
      @PathParam("id") String id,
      @Parameter(
              description = "`wait=N`: up to N seconds.",
              schema = @Schema(type = SchemaType.STRING),
              example = "wait=30")
          @HeaderParam("Prefer")
          List<String> prefer,
      @HeaderParam(HttpHeaders.ACCEPT_LANGUAGE) @Nullable String language,
      @Context RoutingContext request)
      throws InterruptedException {
    return answer(200, find(id), prefer, language, request);
  }

  @GET
  @Path("{id}/events")
  @RunOnVirtualThread
  @RolesAllowed({Scope.TURNS_ROLE, Scope.READ_ROLE})
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      operationId = "streamTurnEvents",
      summary = "Follow a turn",
      description =
          "Server-sent events with ids 1, 2, 3 … without a gap, from any replica, up to the one"
              + " that ends the turn. `Last-Event-ID` or `after` takes the stream up again. An event"
              + " `heartbeat` without an id comes when nothing else does, and an event `deleted`"
              + " without an id is the last one when the turn's session was deleted.")
  @APIResponse(
      responseCode = "200",
      description = "The events.",
      content =
          @Content(
              mediaType = MediaType.SERVER_SENT_EVENTS,
              schema = @Schema(type = SchemaType.STRING)))
  @APIResponse(
      responseCode = "204",
      description = "The turn has ended and the client has its last event: do not come back.")
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  public Response events(
      @PathParam("id") String id,
      @Parameter(schema = @Schema(type = SchemaType.INTEGER, minimum = "0"))
          @HeaderParam("Last-Event-ID")
          @Nullable String lastEventId,
      @Parameter(schema = @Schema(type = SchemaType.INTEGER, minimum = "0")) @QueryParam("after")
          @Nullable String after,
      @Context RoutingContext request) {
    int seen = lastSeen(lastEventId, after);
    var turn = find(id);
    // An EventSource comes back for ever, except after a 204.
    if (turn.last().filter(last -> turn.state().isTerminal() && last.n() <= seen).isPresent()) {
      return Response.noContent().build();
    }
    seats.take(Caller.of(identity).name(), request);
    return Response.ok(stream.of(turn.id(), seen, request))
        .type(MediaType.SERVER_SENT_EVENTS_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }

  @POST
  @Path("{id}/cancel")
  @RunOnVirtualThread
  @RolesAllowed(Scope.TURNS_ROLE)
  @Operation(
      operationId = "cancelTurn",
      summary = "Cancel a turn",
      description =
          "A turn that waits ends at once; one that runs is told to, and ends a moment later:"
              + " `Prefer: wait=N` waits for it. Cancelling a cancelled turn changes nothing.")
  @APIResponse(
      responseCode = "200",
      description = "It has ended.",
      content = @Content(schema = @Schema(implementation = TurnBody.class)))
  @APIResponse(
      responseCode = "202",
      description = "It runs and was told to end.",
      content = @Content(schema = @Schema(implementation = TurnBody.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "409", ref = PublicApi.PROBLEM)
  public Response cancel(
      @PathParam("id") String id,
      @Parameter(schema = @Schema(type = SchemaType.STRING)) @HeaderParam("Prefer")
          List<String> prefer,
      @HeaderParam(HttpHeaders.ACCEPT_LANGUAGE) @Nullable String language,
      @Context RoutingContext request)
      throws InterruptedException {
    var turn = Requests.turnId(id);
    var result = canceller.cancel(tenant(), turn).orElseThrow(() -> Requests.noTurn(id));
    var now = find(id);
    return switch (result) {
      case CancelResult.Ended _ -> answer(200, now, List.of(), language, request);
      case CancelResult.Signalled _ -> answer(202, now, prefer, language, request);
      case CancelResult.AlreadyOver _ -> {
        if (now.state() != TurnState.CANCELLED) {
          throw new ProblemException(
              ProblemType.TURN_OVER, "Turn " + turn + " has " + now.state().code() + ".");
        }
        yield answer(200, now, List.of(), language, request);
      }
    };
  }

  private Response answer(
      int status,
      TurnView turn,
      List<String> prefer,
      @Nullable String language,
      RoutingContext request)
      throws InterruptedException {
    var patience = Preferences.wait(prefer);
    var latest =
        patience.isPresent() ? wait.untilOver(tenant(), turn, patience.get(), request) : turn;
    var answer =
        Response.status(latest.state().isTerminal() ? 200 : status)
            .entity(TurnBodies.of(latest, Requests.language(language)));
    patience.ifPresent(wait -> answer.header("Preference-Applied", Preferences.applied(wait)));
    return answer.build();
  }

  private static int lastSeen(@Nullable String header, @Nullable String parameter) {
    int after =
        place(parameter)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.ofParameter("after", "must be the id of an event, or 0")));
    // The header wins: a browser that reconnects keeps the address with its old parameter.
    return header == null || header.isBlank()
        ? after
        : place(header.strip())
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.ofHeader(
                            ProblemType.INVALID_HEADER,
                            "Last-Event-ID",
                            "must be the id of an event, or 0")));
  }

  private static Optional<Integer> place(@Nullable String text) {
    try {
      return Optional.of(text == null ? 0 : Integer.parseInt(text)).filter(n -> n >= 0);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private TurnView find(String id) {
    return history.find(tenant(), Requests.turnId(id)).orElseThrow(() -> Requests.noTurn(id));
  }

  private TenantId tenant() {
    return Caller.of(identity).tenant();
  }
}
