package dev.turnout.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.turnout.failure.StorableText;
import dev.turnout.turn.Outside;
import dev.turnout.turn.PermissionOutcome;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of an answer to an agent's question. */
@Schema(
    name = "AnswerPermission",
    description = "Whether the agent may.",
    examples = "{\"decision\":\"deny\",\"reason\":\"Not on a Friday.\"}")
record AnswerPermission(
    @NotNull(message = "must be there") Decision decision,
    @Schema(description = "Kept with the answer; told to the agent when it may not.")
        @Size(max = 1000, message = "must have at most 1000 characters")
        @Nullable String reason) {

  /** Yes or no. */
  @Schema(name = "PermissionDecision")
  enum Decision {
    @JsonProperty("allow")
    ALLOW,
    @JsonProperty("deny")
    DENY
  }

  Outside.Answer to(String question) {
    var outcome =
        switch (decision) {
          case ALLOW -> PermissionOutcome.ALLOWED;
          case DENY -> PermissionOutcome.DENIED;
        };
    return new Outside.Answer(question, outcome, Optional.ofNullable(reason).map(StorableText::of));
  }
}
