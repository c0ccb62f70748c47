package dev.turnout.http;

import dev.turnout.identity.Caller;
import dev.turnout.identity.Scope;
import dev.turnout.intake.IntakeResult;
import dev.turnout.intake.TurnIntake;
import dev.turnout.queue.TurnView;
import dev.turnout.usermessage.Language;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Where turns come in. */
@Path("/v1/sessions/{key}/turns")
@Tag(name = "turns")
class SubmitResource {
  private final TurnIntake intake;
  private final TurnWait wait;
  private final TurnStream stream;
  private final StreamSeats seats;
  private final SecurityIdentity identity;

  SubmitResource(
      TurnIntake intake,
      TurnWait wait,
      TurnStream stream,
      StreamSeats seats,
      SecurityIdentity identity) {
    this.intake = intake;
    this.wait = wait;
    this.stream = stream;
    this.seats = seats;
    this.identity = identity;
  }

  @POST
  @RunOnVirtualThread
  @RolesAllowed(Scope.TURNS_ROLE)
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces({MediaType.APPLICATION_JSON, MediaType.SERVER_SENT_EVENTS})
  @Operation(
      operationId = "submitTurn",
      summary = "Submit a turn",
      description =
          "Accepted turns are on disk when this answers, and always end in a visible state. A"
              + " session that nobody has used comes to be. `Prefer: wait=N` waits up to N seconds"
              + " (60 at most) for the end; `Accept: text/event-stream` streams the turn's events.")
  @Parameter(
      name = Submissions.IDEMPOTENCY_KEY,
      in = ParameterIn.HEADER,
      description =
          "Makes the request safe to repeat: the same key and body are the same turn."
              + " 1 to 255 printable ASCII characters without spaces.",
      schema = @Schema(type = SchemaType.STRING, minLength = 1, maxLength = 255),
      example = "2f1c6d5e-order-17")
  @APIResponse(
      responseCode = "202",
      description = "Accepted; the turn waits or runs.",
      headers = {
        @Header(
            name = "Location",
            description = "The turn.",
            schema = @Schema(type = SchemaType.STRING)),
        @Header(
            name = "Idempotent-Replayed",
            description = "`true` when the same request was accepted before.",
            schema = @Schema(type = SchemaType.STRING))
      },
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = TurnBody.class)))
  @APIResponse(
      responseCode = "200",
      description = "Accepted and ended within the wait; or the stream of its events.",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = TurnBody.class)),
        @Content(
            mediaType = MediaType.SERVER_SENT_EVENTS,
            schema = @Schema(type = SchemaType.STRING))
      })
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "409", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "413", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "415", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "422", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "429", ref = PublicApi.PROBLEM)
  public Response submit(
      @Parameter(
              description = "Chosen by the client, percent-encoded as one path segment.",
              example = "agent:main:slack:c07:thread:17")
          @PathParam("key")
          String key,
      @Parameter(
              description = "`wait=N`: up to N seconds.",
              schema = @Schema(type = SchemaType.STRING),
              example = "wait=30")
          @HeaderParam("Prefer")
          List<String> prefer,
      @HeaderParam(HttpHeaders.ACCEPT_LANGUAGE) @Nullable String language,
      @NotNull @Valid SubmitTurn body,
      @Context RoutingContext request,
      @Context HttpHeaders headers)
      throws InterruptedException {
    var session = Requests.sessionKey(key);
    var tenant = Caller.of(identity).tenant();
    // As it was sent: the framework drops empty values, and with them the promise of the header.
    var idempotencyKeys = request.request().headers().getAll(Submissions.IDEMPOTENCY_KEY);
    var submission = Submissions.read(tenant, session, body, idempotencyKeys);
    boolean streamed = prefersStream(headers);
    if (streamed) {
      // Before the turn is accepted: a refusal must mean that nothing was.
      seats.take(Caller.of(identity).name(), request);
    }
    var result = intake.submit(submission);
    Submissions.refusal(result, session)
        .ifPresent(
            problem -> {
              throw new ProblemException(problem);
            });
    var wishes = new Wishes(streamed, Preferences.wait(prefer), Requests.language(language));
    return switch (result) {
      case IntakeResult.Accepted(var turn) -> answer(turn, false, wishes, request);
      case IntakeResult.Replayed(var turn) -> answer(turn, true, wishes, request);
      case IntakeResult.KeyReused _,
          IntakeResult.Busy _,
          IntakeResult.Full _,
          IntakeResult.Deleted _,
          IntakeResult.Invalid _ ->
          throw new IllegalStateException("a refusal without a problem");
    };
  }

  /** How the client wants to be answered. */
  private record Wishes(
      boolean streamed, Optional<Duration> patience, Optional<Language> language) {}

  private static boolean prefersStream(HttpHeaders headers) {
    return headers
            .getAcceptableMediaTypes()
            .getFirst()
            .isCompatible(MediaType.SERVER_SENT_EVENTS_TYPE)
        && !headers.getAcceptableMediaTypes().getFirst().isWildcardType();
  }

  private Response answer(TurnView turn, boolean replayed, Wishes wishes, RoutingContext request)
      throws InterruptedException {
    if (wishes.streamed()) {
      return located(Response.ok(stream.of(turn.id(), 0, request)), turn, replayed)
          .type(MediaType.SERVER_SENT_EVENTS_TYPE)
          .header(HttpHeaders.CACHE_CONTROL, "no-store")
          .build();
    }
    var patience = wishes.patience();
    var latest =
        patience.isPresent()
            ? wait.untilOver(Caller.of(identity).tenant(), turn, patience.get(), request)
            : turn;
    // A quick turn may be over already; still, only who asked to wait must expect a 200.
    boolean waitedForEnd = patience.isPresent() && latest.state().isTerminal();
    var answer =
        located(Response.status(waitedForEnd ? 200 : 202), turn, replayed)
            .type(MediaType.APPLICATION_JSON_TYPE)
            .header(HttpHeaders.CONTENT_LOCATION, TurnBodies.path(turn.id()))
            .entity(TurnBodies.of(latest, wishes.language()));
    patience.ifPresent(wait -> answer.header("Preference-Applied", Preferences.applied(wait)));
    return answer.build();
  }

  private static Response.ResponseBuilder located(
      Response.ResponseBuilder answer, TurnView turn, boolean replayed) {
    // As text: a URI object would be made absolute with whatever host the request named.
    answer.header(HttpHeaders.LOCATION, TurnBodies.path(turn.id()));
    return replayed ? answer.header("Idempotent-Replayed", "true") : answer;
  }
}
