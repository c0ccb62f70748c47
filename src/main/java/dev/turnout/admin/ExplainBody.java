package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.turnout.failure.Failure;
import dev.turnout.http.FailureBody;
import dev.turnout.routing.RouteExplanation;
import dev.turnout.turn.AuthProfileId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What would become of a turn now, as operators see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "RouteExplanation")
record ExplainBody(
    Instant at,
    String tenant,
    String session,
    String agent,
    String lane,
    @Nullable String model,
    @Schema(description = "The one that was asked for.") @Nullable String backend,
    @Schema(description = "The one that was asked for, here or for the whole session.")
        @Nullable String authProfile,
    @Schema(description = "The chain that was asked for.") @Nullable List<CandidateBody> chain,
    long configRevision,
    @Schema(
            description =
                "In the order in which the turn would come to them, as long as every one that is"
                    + " asked fails in a way that lets the next one have its turn.")
        List<Stop> candidates,
    @Schema(
            description =
                "Who comes next, in place of the rest, when the first one that is asked finds the"
                    + " conversation or the request too large; absent where the agent has no chain"
                    + " for it, and `candidates` goes on.")
        @Nullable List<Stop> afterContextOverflow,
    @Schema(description = "The same when the first one would not answer such a thing.")
        @Nullable List<Stop> afterContentPolicy,
    @Schema(
            description =
                "With what the turn would fail, where it would ask nobody; absent where it asks"
                    + " somebody, because then it depends on the answer.")
        @Nullable FailureBody end) {

  /** One candidate. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "ExplainedCandidate")
  record Stop(
      String backend,
      @Nullable String model,
      @Nullable String authProfile,
      @Schema(enumeration = {"cli", "api"}) @Nullable String runtime,
      @Schema(
              description =
                  "`probe`: asked, unless another turn asks it first to find out whether its rest"
                      + " has helped. `bar`: the operator put its credential out of use. `not_reached`: the turn would have given up before.",
              enumeration = {"ask", "probe", "skip", "bar", "not_reached"})
          String plan,
      @Schema(description = "True when it is asked in spite of its rest once nobody else is left.")
          boolean lastResort,
      @Schema(description = "Of the cooldown that it meets.") @Nullable String reason,
      @Nullable String family,
      @Nullable String rule,
      @Nullable String summary,
      @Nullable UUID cooldown,
      @Schema(description = "When its rest ends; past with `probe`.") @Nullable Instant until) {

    static Stop of(RouteExplanation.Stop stop) {
      var candidate = stop.candidate();
      var rest = stop.rest();
      var cause = rest.map(RouteExplanation.Rest::failure);
      return new Stop(
          candidate.backend().value(),
          candidate.model().orElse(null),
          candidate.authProfile().map(AuthProfileId::value).orElse(null),
          stop.runtime().orElse(null),
          stop.plan().code(),
          stop.lastResort(),
          cause.map(why -> why.reason().code()).orElse(null),
          cause.map(why -> why.reason().family().name().toLowerCase(Locale.ROOT)).orElse(null),
          cause.map(Failure::rule).orElse(null),
          cause.map(Failure::summary).orElse(null),
          rest.map(RouteExplanation.Rest::cooldown).orElse(null),
          rest.flatMap(RouteExplanation.Rest::until).orElse(null));
    }
  }

  /** The body that asks. */
  @Schema(name = "Explain", examples = "{\"session\":\"main\"}")
  record Ask(
      @Schema(description = "Its key; it need not be there yet.")
          @NotNull(message = "must be there")
          String session,
      @Schema(description = "Who would answer; the session's own agent, else the default one.")
          @Size(min = 1, max = 100, message = "must have 1 to 100 characters")
          @Nullable String agent,
      @Schema(description = "A model that the turn would ask for.")
          @Size(min = 1, max = 200, message = "must have 1 to 200 characters")
          @Nullable String model,
      @Schema(description = "Who would answer, and nobody else: a backend by its name.")
          @Size(min = 1, max = 100, message = "must have 1 to 100 characters")
          @Nullable String backend,
      @Schema(description = "The one credential that it may use; the session's own when absent.")
          @Size(min = 1, max = 100, message = "must have 1 to 100 characters")
          @Nullable String authProfile,
      @Schema(description = "The chain that the turn would bring along, as in a submission.")
          @Size(min = 1, max = 10, message = "must have 1 to 10 entries")
          @Nullable List<@NotNull(message = "must not be null") @Valid CandidateBody> chain,
      @Schema(description = "The class of work; `user` when absent.")
          @Size(min = 1, max = 100, message = "must have 1 to 100 characters")
          @Nullable String lane,
      @Schema(description = "Whose session; the caller's own when absent.")
          @Pattern(regexp = Tenants.FORM, message = Tenants.ALLOWED)
          @Nullable String tenant) {}
}
