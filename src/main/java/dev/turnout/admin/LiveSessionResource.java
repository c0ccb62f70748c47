package dev.turnout.admin;

import dev.turnout.audit.Audit;
import dev.turnout.http.Problem;
import dev.turnout.http.ProblemException;
import dev.turnout.http.ProblemType;
import dev.turnout.http.PublicApi;
import dev.turnout.identity.Scope;
import dev.turnout.livesession.LiveSessions;
import dev.turnout.livesession.LiveState;
import dev.turnout.livesession.LiveView;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.BackendId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The living processes of the replica that answers. */
@Path("/admin/v1/live-sessions")
@Tag(name = "live-sessions")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.ADMIN_ROLE)
class LiveSessionResource {
  private final LiveSessions sessions;
  private final LiveSessionDetails details;
  private final CurrentSettings settings;
  private final Audit audit;
  private final AdminRequest request;

  LiveSessionResource(
      LiveSessions sessions,
      LiveSessionDetails details,
      CurrentSettings settings,
      Audit audit,
      AdminRequest request) {
    this.sessions = sessions;
    this.details = details;
    this.settings = settings;
    this.audit = audit;
    this.request = request;
  }

  @GET
  @RunOnVirtualThread
  @Operation(
      operationId = "listLiveSessions",
      summary = "List living processes",
      description = "Those of the replica that answers, and some that have ended there lately.")
  public LiveSessionBody.All list() {
    return new LiveSessionBody.All(sessions.list().stream().map(details::of).toList());
  }

  @GET
  @Path("{id}")
  @RunOnVirtualThread
  @Operation(operationId = "getLiveSession", summary = "Look at a living process")
  @APIResponse(
      responseCode = "200",
      description = "The process, and what belongs to it.",
      content = @Content(schema = @Schema(implementation = LiveSessionBody.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  public LiveSessionBody get(@PathParam("id") String id) {
    return sessions.find(id).map(details::of).orElseThrow(() -> none(id));
  }

  @POST
  @Path("{id}/close")
  @RunOnVirtualThread
  @Operation(
      operationId = "closeLiveSession",
      summary = "End a living process at once",
      description =
          "A turn that runs in it fails. The answer comes when the process is gone. The session's"
              + " next turn gets another one, which goes on with the conversation.")
  @APIResponse(responseCode = "204", description = "It is gone.")
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  public void close(@PathParam("id") String id) {
    // Written first: what cannot be written down is not done.
    audit.record(request.entry("live_session.close", living(id).id()));
    if (!sessions.close(id)) {
      throw none(id);
    }
  }

  @POST
  @Path("{id}/recycle")
  @RunOnVirtualThread
  @Operation(
      operationId = "recycleLiveSession",
      summary = "End a living process after its turn",
      description = "At once when it waits.")
  @APIResponse(responseCode = "204", description = "It takes no further turn.")
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  public void recycle(@PathParam("id") String id) {
    // Written first: what cannot be written down is not done.
    audit.record(request.entry("live_session.recycle", living(id).id()));
    if (!sessions.recycle(id)) {
      throw none(id);
    }
  }

  @POST
  @Path("drain")
  @RunOnVirtualThread
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "drainLiveSessions",
      summary = "End all living processes of an agent or of a backend",
      description =
          "Those that wait end before the answer comes, the others after their turn. Later turns get"
              + " others, started anew. Those of the replica that answers.")
  @APIResponse(
      responseCode = "200",
      description = "They take no further turn.",
      content = @Content(schema = @Schema(implementation = LiveSessionBody.Drained.class)))
  @APIResponse(responseCode = "415", ref = PublicApi.PROBLEM)
  public LiveSessionBody.Drained drain(@NotNull @Valid LiveSessionBody.Drain body) {
    var agent = Optional.ofNullable(body.agent()).map(this::agent);
    var backend = Optional.ofNullable(body.backend()).map(this::backend);
    if (agent.isPresent() == backend.isPresent()) {
      throw flaw("", "must name either a backend or an agent");
    }
    var target = agent.map(id -> "agent/" + id).orElseGet(() -> "backend/" + body.backend());
    audit.record(
        request.entry("live_session.drain", target).because(Optional.ofNullable(body.reason())));
    return new LiveSessionBody.Drained(
        backend.map(sessions::recycle).orElseGet(() -> recycleAll(agent.orElseThrow())));
  }

  private int recycleAll(AgentId agent) {
    return (int)
        sessions.list().stream()
            .filter(view -> !(view.state() instanceof LiveState.Closed))
            .filter(view -> details.agent(view).equals(Optional.of(agent)))
            .filter(view -> sessions.recycle(view.id()))
            .count();
  }

  private AgentId agent(String name) {
    var id = new AgentId(name);
    if (settings.latest().agent(id).isEmpty()) {
      throw flaw("/agent", "is not a configured agent");
    }
    return id;
  }

  /** One that is configured no more may still have processes. */
  private BackendId backend(String name) {
    var id = new BackendId(name);
    boolean lives = sessions.list().stream().anyMatch(view -> view.key().backend().equals(id));
    if (!lives && settings.latest().backend(id).isEmpty()) {
      throw flaw("/backend", "is not a configured backend");
    }
    return id;
  }

  private static ProblemException flaw(String pointer, String why) {
    return new ProblemException(Problem.ofField(ProblemType.INVALID_FIELD, pointer, why));
  }

  private LiveView living(String id) {
    return sessions
        .find(id)
        .filter(view -> !(view.state() instanceof LiveState.Closed))
        .orElseThrow(() -> none(id));
  }

  private static ProblemException none(String id) {
    return new ProblemException(
        ProblemType.LIVE_SESSION_NOT_FOUND, "There is no living process " + id + " here.");
  }
}
