package dev.turnout.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.turnout.identity.Caller;
import dev.turnout.identity.Scope;
import dev.turnout.intake.SessionDeletion;
import dev.turnout.intake.TurnCanceller;
import dev.turnout.queue.DeleteResult;
import dev.turnout.queue.TurnHistory;
import dev.turnout.session.Session;
import dev.turnout.session.Sessions;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Sessions: found, read, changed, emptied, deleted. They come to be with their first turn. */
@Path("/v1/sessions")
@Tag(name = "sessions")
@Produces(MediaType.APPLICATION_JSON)
class SessionResource {
  /** How long a delete waits: a little longer than a process has to end by itself. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Sessions sessions;
  private final TurnHistory history;
  private final TurnCanceller canceller;
  private final SessionDeletion deletion;
  private final CurrentSettings settings;
  private final SecurityIdentity identity;

  SessionResource(
      Sessions sessions,
      TurnHistory history,
      TurnCanceller canceller,
      SessionDeletion deletion,
      CurrentSettings settings,
      SecurityIdentity identity) {
    this.sessions = sessions;
    this.history = history;
    this.canceller = canceller;
    this.deletion = deletion;
    this.settings = settings;
    this.identity = identity;
  }

  @GET
  @RunOnVirtualThread
  @RolesAllowed({Scope.TURNS_ROLE, Scope.READ_ROLE})
  @Operation(operationId = "listSessions", summary = "List sessions, newest first")
  public SessionBody.Page list(
      @QueryParam("prefix") @DefaultValue("") String prefix,
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
    var before = Cursors.number(cursor).map(SessionId::new);
    var found = sessions.page(tenant(), Requests.keyPrefix(prefix), before, size + 1);
    var items = found.stream().limit(size).map(SessionBody::of).toList();
    var next = found.size() > size ? Cursors.write(found.get(size - 1).id().value()) : null;
    return new SessionBody.Page(items, next);
  }

  @GET
  @Path("{key}")
  @RunOnVirtualThread
  @RolesAllowed({Scope.TURNS_ROLE, Scope.READ_ROLE})
  @Operation(operationId = "getSession", summary = "Read a session")
  @APIResponse(
      responseCode = "200",
      description = "The session.",
      content = @Content(schema = @Schema(implementation = SessionBody.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  public SessionBody get(@PathParam("key") String key) {
    return SessionBody.of(find(Requests.sessionKey(key)));
  }

  @PATCH
  @Path("{key}")
  @RunOnVirtualThread
  @RolesAllowed(Scope.TURNS_ROLE)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "changeSession",
      summary = "Change a session",
      description =
          "What is absent stays. Turns that wait already keep their agent and credential.")
  @APIResponse(
      responseCode = "200",
      description = "The session as it is now.",
      content = @Content(schema = @Schema(implementation = SessionBody.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "415", ref = PublicApi.PROBLEM)
  public SessionBody change(@PathParam("key") String key, @NotNull @Valid ChangeSession body) {
    var session = Requests.sessionKey(key);
    var agent = Optional.ofNullable(body.agent()).map(AgentId::new);
    if (agent.isPresent()
        && settings.snapshot().agent(agent.get()).isEmpty()
        && settings.latest().agent(agent.get()).isEmpty()) {
      throw new ProblemException(
          Problem.ofField(ProblemType.INVALID_FIELD, "/agent", "is not a configured agent"));
    }
    var profile = Optional.ofNullable(body.authProfile());
    if (profile
        .filter(name -> !name.isEmpty())
        .filter(name -> settings.snapshot().authProfile(new AuthProfileId(name)).isEmpty())
        .isPresent()) {
      throw new ProblemException(
          Problem.ofField(
              ProblemType.INVALID_FIELD, "/authProfile", "is not a configured auth profile"));
    }
    return sessions
        .change(
            tenant(),
            session,
            agent,
            profile,
            Optional.ofNullable(body.metadata()).map(SessionResource::json))
        .map(SessionBody::of)
        .orElseThrow(() -> Requests.noSession(session));
  }

  @GET
  @Path("{key}/turns")
  @RunOnVirtualThread
  @RolesAllowed({Scope.TURNS_ROLE, Scope.READ_ROLE})
  @Operation(operationId = "listSessionTurns", summary = "List a session's turns, newest first")
  @APIResponse(
      responseCode = "200",
      description = "A page of turns.",
      content = @Content(schema = @Schema(implementation = TurnPage.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  public TurnPage turns(
      @PathParam("key") String key,
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
    var session = find(Requests.sessionKey(key)).key();
    return TurnPages.page(
        cursor,
        PageLimit.read(limit),
        Requests.language(language),
        (after, size) -> history.ofSession(tenant(), session, after, size));
  }

  @POST
  @Path("{key}/abort")
  @RunOnVirtualThread
  @RolesAllowed(Scope.TURNS_ROLE)
  @Operation(
      operationId = "abortSession",
      summary = "End everything in a session",
      description = "Cancels the turns that wait and tells the one that runs to end.")
  @APIResponse(
      responseCode = "200",
      description = "What was ended.",
      content = @Content(schema = @Schema(implementation = SessionBody.Aborted.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  public SessionBody.Aborted abort(@PathParam("key") String key) {
    var session = find(Requests.sessionKey(key)).id();
    return new SessionBody.Aborted(canceller.abort(session));
  }

  @POST
  @Path("{key}/reset")
  @RunOnVirtualThread
  @RolesAllowed(Scope.TURNS_ROLE)
  @Operation(
      operationId = "resetSession",
      summary = "Begin a new conversation",
      description =
          "The turns so far can still be read, but no backend is told of them any more or resumes"
              + " what it knew. A turn that runs belongs to the old conversation, turns that wait to"
              + " the new one; both go on.")
  @APIResponse(
      responseCode = "200",
      description = "The session.",
      content = @Content(schema = @Schema(implementation = SessionBody.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  public SessionBody reset(@PathParam("key") String key) {
    var session = Requests.sessionKey(key);
    return sessions
        .reset(tenant(), session)
        .map(SessionBody::of)
        .orElseThrow(() -> Requests.noSession(session));
  }

  @DELETE
  @Path("{key}")
  @RunOnVirtualThread
  @RolesAllowed(Scope.TURNS_ROLE)
  @Operation(
      operationId = "deleteSession",
      summary = "Delete a session",
      description =
          "Ends what runs and waits in it as an abort does, then removes the session with its turns,"
              + " their events and idempotency keys, and what its backends kept. Waits up to"
              + " 10 seconds, or those of `Prefer: wait=N` (60 at most), for the running turn to"
              + " end; one that still runs then makes it a 409, and asking again goes on. A turn"
              + " that comes in meanwhile is deleted with it, or opens a new session of the same"
              + " key.")
  @APIResponse(responseCode = "204", description = "It is gone.")
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "409", ref = PublicApi.PROBLEM)
  public void delete(
      @PathParam("key") String key,
      @Parameter(
              description = "`wait=N`: up to N seconds.",
              schema = @Schema(type = SchemaType.STRING),
              example = "wait=30")
          @HeaderParam("Prefer")
          List<String> prefer)
      throws InterruptedException {
    var session = Requests.sessionKey(key);
    var patience = Preferences.wait(prefer).orElse(PATIENCE);
    var result =
        deletion.delete(tenant(), session, patience).orElseThrow(() -> Requests.noSession(session));
    switch (result) {
      case DeleteResult.Deleted _ -> {}
      case DeleteResult.Running(var turn) ->
          throw new ProblemException(
              ProblemType.SESSION_BUSY,
              "Turn " + turn + " still runs. It has been told to end: ask again.");
    }
  }

  private Session find(SessionKey key) {
    return sessions.find(tenant(), key).orElseThrow(() -> Requests.noSession(key));
  }

  private TenantId tenant() {
    return Caller.of(identity).tenant();
  }

  private static String json(Map<String, String> metadata) {
    try {
      return StrictJson.MAPPER.writeValueAsString(metadata);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of texts is not JSON", e);
    }
  }
}
