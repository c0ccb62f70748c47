package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A backend and how it does. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Backend")
record BackendBody(
    String name,
    @Schema(description = "Whose manners it has.", examples = "claude") String kind,
    @Schema(enumeration = {"cli", "api"}) String runtime,
    @Schema(description = "Of a CLI.") @Nullable Program program,
    @Schema(description = "Of a model API; absent for the provider's public address.")
        @Nullable String baseUrl,
    @Schema(description = "The models that agents ask it for.") List<String> models,
    @Schema(description = "Who is configured with it.") List<CooldownBody.Covered> usedBy,
    @Schema(description = "One for each model and lane in which failures have been counted.")
        List<Breaker> breakers,
    @Schema(description = "All that keep a candidate of it from being asked.")
        List<CooldownBody> cooldowns,
    HealthBody health) {

  /** The program that is started. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "Program")
  record Program(
      String command,
      @Schema(description = "Whether it is there and may be executed, on this replica's machine.")
          boolean found,
      @Nullable String path) {}

  /** Whether it is asked for a model. */
  @Schema(name = "Breaker")
  record Breaker(
      String model,
      String lane,
      @Schema(enumeration = {"closed", "half_open", "open"}) String state) {}

  /** All of them, by name. */
  @Schema(name = "BackendList")
  record All(List<BackendBody> items) {}
}
