package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.turnout.telemetry.Health;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How something has done. Each replica knows of its own attempts alone. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Health", description = "What this replica has seen since it started.")
record HealthBody(
    @Schema(description = "Since when this replica counts.") Instant since,
    long attempts,
    long failed,
    @Schema(description = "How often it rested and was not asked.") long skipped,
    @Nullable Instant lastSuccess,
    @Nullable LastFailure lastFailure) {

  /** The latest failure. */
  @Schema(name = "LastFailure")
  record LastFailure(
      @Schema(examples = "auth_invalid") String reason, String rule, String summary, Instant at) {}

  static HealthBody of(Health health, Instant since) {
    return new HealthBody(
        since,
        health.attempts(),
        health.failed(),
        health.skipped(),
        health.lastSuccess().orElse(null),
        health
            .lastFailure()
            .map(
                last ->
                    new LastFailure(
                        last.failure().reason().code(),
                        last.failure().rule(),
                        last.failure().summary(),
                        last.at()))
            .orElse(null));
  }
}
