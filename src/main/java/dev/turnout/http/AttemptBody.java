package dev.turnout.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.turnout.turn.Attempt;
import dev.turnout.turn.LiveUse;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One candidate of a turn and what became of it, as callers see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Attempt")
record AttemptBody(
    @Schema(examples = "claude") String backend,
    @Nullable String model,
    @Schema(description = "The credential; absent when the backend used its own login.")
        @Nullable String authProfile,
    @Schema(enumeration = {"cli", "api"}) @Nullable String runtime,
    Instant startedAt,
    @Schema(description = "How long it took, in milliseconds.") long tookMs,
    @Schema(description = "Absent on the attempt that answered.") @Nullable FailureBody failure,
    @Schema(
            description =
                "True when it was not asked: it rests, and the failure is its cooldown's; or its"
                    + " credential is disabled.")
        boolean skipped,
    @Schema(
            description =
                "True when it had begun to answer or to act and another candidate began anew: what"
                    + " it said is void.")
        boolean voided,
    @Schema(description = "The living process that served it; absent when none did.")
        @Nullable LiveBody live) {

  /** The process of a CLI that lives between turns. */
  @Schema(name = "LiveUse")
  record LiveBody(
      @Schema(description = "As in `/admin/v1/live-sessions`.") String id,
      @Schema(description = "Whether it was there before: its session's, or started ahead.")
          boolean reused) {
    private static LiveBody of(LiveUse use) {
      return new LiveBody(use.id(), use.reused());
    }
  }

  static AttemptBody of(Attempt attempt) {
    var candidate = attempt.candidate();
    return new AttemptBody(
        candidate.backend().value(),
        candidate.model().orElse(null),
        candidate.authProfile().map(profile -> profile.value()).orElse(null),
        attempt.runtime().orElse(null),
        attempt.startedAt(),
        attempt.took().toMillis(),
        attempt.failure().map(FailureBody::of).orElse(null),
        attempt.skipped(),
        attempt.voided(),
        attempt.live().map(LiveBody::of).orElse(null));
  }
}
