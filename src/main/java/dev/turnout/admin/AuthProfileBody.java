package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An auth profile and how it does; never its secret. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "AuthProfile")
record AuthProfileBody(
    String name,
    String provider,
    @Schema(enumeration = {"api_key", "subscription", "token"}) String kind,
    Secret secret,
    @Schema(description = "Who is configured with it.") List<CooldownBody.Covered> usedBy,
    @Schema(description = "In all its runtimes, models and lanes.") List<CooldownBody> cooldowns,
    HealthBody health) {

  /** Where its secret is, and whether it is there now. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "SecretState")
  record Secret(
      @Schema(
              description =
                  "`not_needed`: the CLI is logged in by itself. Of this replica's machine.",
              enumeration = {"present", "missing", "unreadable", "not_needed"})
          String state,
      @Schema(description = "The reference.", examples = "env:ANTHROPIC_API_KEY")
          @Nullable String from,
      @Schema(description = "Why it is not present.") @Nullable String why) {}

  /** All of them, by name. */
  @Schema(name = "AuthProfileList")
  record All(List<AuthProfileBody> items) {}
}
