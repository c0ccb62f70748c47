package dev.turnout.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.turnout.events.TurnEvent;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A question of an agent that waits for its answer. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "PermissionQuestion")
record PermissionBody(
    @Schema(description = "By which an answer names it.") String question,
    @Schema(examples = "Bash") String tool,
    @Schema(description = "What sort of tool it is, where the agent says.", examples = "execute")
        @Nullable String kind,
    @Schema(description = "What it wants to do, shortened and without credentials.")
        String description,
    @Schema(
            description = "What can be answered.",
            enumeration = {"allow", "deny"})
        List<String> options,
    @Schema(description = "When the answer is no because nobody gave one.") Instant deadline) {

  static PermissionBody of(TurnEvent.PermissionAsked asked) {
    return new PermissionBody(
        asked.question(),
        asked.tool(),
        asked.kind().orElse(null),
        asked.description(),
        asked.options(),
        asked.deadline());
  }
}
