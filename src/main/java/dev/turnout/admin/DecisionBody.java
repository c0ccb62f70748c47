package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.turnout.decision.Decision;
import dev.turnout.decision.KeptDecision;
import dev.turnout.failure.Failure;
import dev.turnout.failure.SignalFacts;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.Candidate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One step of a turn's route, as operators see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Decision")
record DecisionBody(
    UUID id,
    UUID turn,
    String tenant,
    String session,
    String agent,
    String lane,
    @Schema(description = "Its place in the turn, from 1; a second run of the turn counts on.")
        int n,
    Instant at,
    @Schema(
            enumeration = {
              "asked",
              "probed",
              "retried",
              "started_afresh",
              "last_resort",
              "skipped",
              "barred",
              "given_up"
            })
        String decision,
    @Schema(
            description = "What became of the attempt; absent where nobody was asked.",
            enumeration = {"answered", "failed", "aborted"})
        @Nullable String outcome,
    @Schema(description = "Absent where the turn was given up.") @Nullable String backend,
    @Nullable String model,
    @Nullable String authProfile,
    @Schema(enumeration = {"cli", "api"}) @Nullable String runtime,
    @Schema(description = "Of the failure, of the cooldown that was met, or of giving up.")
        @Nullable String reason,
    @Nullable String family,
    @Nullable String rule,
    @Nullable String summary,
    @Nullable Instant retryAt,
    @Schema(description = "The fact that the rule went by.") @Nullable String matchedField,
    @Schema(description = "What the backend said, without credentials; at most 400 characters.")
        @Nullable String excerpt,
    @Nullable Integer httpStatus,
    @Schema(description = "How long the attempt lasted, in milliseconds.") long tookMs,
    @Schema(description = "The cooldown that it met.") @Nullable Met cooldown,
    @Schema(description = "The step after it.") @Nullable Next next,
    @Schema(
            description =
                "What was seen of a failed attempt, without credentials: what the conditions of"
                    + " rules speak of.")
        @Nullable Map<String, String> facts) {

  /** A cooldown that was met. */
  @Schema(name = "DecisionCooldown")
  record Met(UUID id, Instant until) {}

  /** The step after one. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "DecisionNext")
  record Next(
      String decision,
      @Nullable String backend,
      @Nullable String model,
      @Nullable String authProfile) {

    static Next of(Decision.Next next) {
      return new Next(
          next.choice().code(),
          next.candidate().map(c -> c.backend().value()).orElse(null),
          next.candidate().flatMap(Candidate::model).orElse(null),
          next.candidate().flatMap(Candidate::authProfile).map(AuthProfileId::value).orElse(null));
    }
  }

  /** Decisions, newest first. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "DecisionPage")
  record Page(
      List<DecisionBody> items,
      @Schema(description = "Send it as `cursor` for the next page; absent on the last one.")
          @Nullable String next) {}

  static DecisionBody of(KeptDecision kept) {
    var step = kept.decision();
    var failure = step.failure();
    return new DecisionBody(
        kept.id(),
        kept.turn().value(),
        kept.tenant().value(),
        kept.session().value(),
        kept.agent().value(),
        kept.lane().value(),
        kept.n(),
        step.at(),
        step.choice().code(),
        step.outcome().map(Decision.Ending::code).orElse(null),
        step.candidate().map(c -> c.backend().value()).orElse(null),
        step.candidate().flatMap(Candidate::model).orElse(null),
        step.candidate().flatMap(Candidate::authProfile).map(AuthProfileId::value).orElse(null),
        step.runtime().orElse(null),
        failure.map(why -> why.reason().code()).orElse(null),
        failure.map(why -> why.reason().family().name().toLowerCase(Locale.ROOT)).orElse(null),
        failure.map(Failure::rule).orElse(null),
        failure.map(Failure::summary).orElse(null),
        failure.flatMap(Failure::retryAt).orElse(null),
        failure.flatMap(Failure::matchedField).orElse(null),
        failure.flatMap(Failure::excerpt).orElse(null),
        step.status().orElse(null),
        step.took().toMillis(),
        step.rest().map(rest -> new Met(rest.cooldown(), rest.until())).orElse(null),
        step.next().map(Next::of).orElse(null),
        step.facts().map(SignalFacts::values).orElse(null));
  }
}
