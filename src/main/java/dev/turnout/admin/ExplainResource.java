package dev.turnout.admin;

import dev.turnout.http.FailureBody;
import dev.turnout.http.Problem;
import dev.turnout.http.ProblemException;
import dev.turnout.http.ProblemType;
import dev.turnout.http.PublicApi;
import dev.turnout.identity.Caller;
import dev.turnout.identity.Scope;
import dev.turnout.routing.BackendRouter;
import dev.turnout.routing.ExplainRequest;
import dev.turnout.routing.RouteExplanation;
import dev.turnout.session.Session;
import dev.turnout.session.Sessions;
import dev.turnout.settings.AgentSettings;
import dev.turnout.settings.ChoiceCheck;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.settings.Settings;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import dev.turnout.usermessage.Language;
import dev.turnout.worker.FailureMessages;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What would happen to a turn now. */
@Path("/admin/v1/explain")
@Tag(name = "decisions")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.ADMIN_ROLE)
class ExplainResource {
  /** The lane of a turn that names none. */
  private static final LaneId USER = new LaneId("user");

  private final BackendRouter router;
  private final Sessions sessions;
  private final CurrentSettings settings;
  private final SecurityIdentity identity;

  ExplainResource(
      BackendRouter router,
      Sessions sessions,
      CurrentSettings settings,
      SecurityIdentity identity) {
    this.router = router;
    this.sessions = sessions;
    this.settings = settings;
    this.identity = identity;
  }

  @POST
  @RunOnVirtualThread
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "explainRoute",
      summary = "Say what would become of a turn now",
      description =
          "By the same rules that route turns. Nobody is asked, nothing is counted or written, and"
              + " no session comes to be.")
  @APIResponse(
      responseCode = "200",
      description = "What would become of it.",
      content = @Content(schema = @Schema(implementation = ExplainBody.class)))
  @APIResponse(responseCode = "415", ref = PublicApi.PROBLEM)
  public ExplainBody explain(
      @NotNull @Valid ExplainBody.Ask body,
      @HeaderParam(HttpHeaders.ACCEPT_LANGUAGE) @Nullable String language) {
    var key = sessionKey(body.session());
    var current = settings.snapshot();
    var tenant =
        Optional.ofNullable(body.tenant())
            .map(TenantId::new)
            .orElseGet(() -> Caller.of(identity).tenant());
    var session = sessions.find(tenant, key);
    var agent = agent(body, session, current);
    var lane = lane(body, current);
    var choice = choice(body, session);
    if (!choice.chain().isEmpty()) {
      ChoiceCheck.flaw(choice, agent, current)
          .ifPresent(
              flaw -> {
                throw flaw(flaw.field(), flaw.why());
              });
    }
    var explanation =
        router.explain(new ExplainRequest(session.map(Session::id), lane, agent, current, choice));
    return new ExplainBody(
        explanation.at(),
        tenant.value(),
        key.value(),
        agent.id().value(),
        lane.value(),
        body.model(),
        body.backend(),
        choice.authProfile().map(AuthProfileId::value).orElse(null),
        body.chain(),
        current.revision(),
        explanation.stops().stream().map(ExplainBody.Stop::of).toList(),
        stops(explanation.afterOverflow()),
        stops(explanation.afterPolicy()),
        explanation.end().map(end -> end(end, current, language)).orElse(null));
  }

  private static @Nullable List<ExplainBody.Stop> stops(List<RouteExplanation.Stop> stops) {
    return stops.isEmpty() ? null : stops.stream().map(ExplainBody.Stop::of).toList();
  }

  private static RouteChoice choice(ExplainBody.Ask body, Optional<Session> session) {
    var asked =
        new RouteChoice(
            Optional.ofNullable(body.model()),
            Optional.ofNullable(body.backend()).map(BackendId::new),
            Optional.ofNullable(body.authProfile()).map(AuthProfileId::new),
            Optional.ofNullable(body.chain()).orElse(List.of()).stream()
                .map(CandidateBody::candidate)
                .toList());
    return asked.orProfile(session.flatMap(Session::authProfile));
  }

  private static FailureBody end(
      RouteExplanation.End end, Settings current, @Nullable String language) {
    var messages = FailureMessages.of(end.failure(), end.attempts(), current);
    var preferred = language == null ? Language.ENGLISH : Language.preferredBy(language);
    return FailureBody.of(end.failure(), Optional.ofNullable(messages.get(preferred.tag())));
  }

  private static SessionKey sessionKey(String text) {
    SessionKey.flaw(text)
        .ifPresent(
            why -> {
              throw flaw("/session", why);
            });
    return new SessionKey(text);
  }

  private static AgentSettings agent(
      ExplainBody.Ask body, Optional<Session> session, Settings current) {
    if (body.agent() != null) {
      return current
          .agent(new AgentId(body.agent()))
          .orElseThrow(() -> flaw("/agent", "is not a configured agent"));
    }
    return session
        .flatMap(Session::agent)
        .flatMap(current::agent)
        .or(() -> current.agent(current.defaultAgent()))
        .orElseThrow(() -> new IllegalStateException("the default agent is always configured"));
  }

  private static LaneId lane(ExplainBody.Ask body, Settings current) {
    var lane = body.lane() == null ? USER : new LaneId(body.lane());
    if (!current.lanes().containsKey(lane)) {
      throw flaw("/lane", "is not a configured lane");
    }
    return lane;
  }

  private static ProblemException flaw(String pointer, String why) {
    return new ProblemException(Problem.ofField(ProblemType.INVALID_FIELD, pointer, why));
  }
}
