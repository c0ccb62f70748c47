package dev.turnout.http;

import dev.turnout.identity.Caller;
import dev.turnout.identity.Scope;
import dev.turnout.intake.QuestionAnswers;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Where the questions of agents are answered. */
@Path("/v1/turns/{id}/permissions")
@Tag(name = "turns")
class PermissionResource {
  private final QuestionAnswers answers;
  private final SecurityIdentity identity;

  PermissionResource(QuestionAnswers answers, SecurityIdentity identity) {
    this.answers = answers;
    this.identity = identity;
  }

  @POST
  @Path("{question}")
  @RunOnVirtualThread
  @RolesAllowed(Scope.TURNS_ROLE)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "answerPermission",
      summary = "Answer an agent's question",
      description =
          "An agent asked whether it may use a tool, in an event `permission_asked` of its turn, and"
              + " waits. The first answer counts; at the deadline the answer is no. An event"
              + " `permission_answered` tells how the question ended.")
  @APIResponse(responseCode = "204", description = "This is the answer.")
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "409", ref = PublicApi.PROBLEM)
  public Response answer(
      @PathParam("id") String id,
      @Parameter(description = "As the event of the question names it.") @PathParam("question")
          String question,
      @NotNull @Valid AnswerPermission body) {
    var turn = Requests.turnId(id);
    var result =
        answers
            .answer(Caller.of(identity).tenant(), turn, body.to(question))
            .orElseThrow(() -> Requests.noTurn(id));
    return switch (result) {
      case TOLD -> Response.noContent().build();
      case ANSWERED ->
          throw new ProblemException(
              ProblemType.QUESTION_ANSWERED, "Question " + question + " has its answer.");
      case OVER ->
          throw new ProblemException(ProblemType.TURN_OVER, "Turn " + turn + " does not run.");
      case UNKNOWN ->
          throw new ProblemException(
              ProblemType.QUESTION_NOT_FOUND, "Turn " + turn + " has not asked " + question + ".");
    };
  }
}
