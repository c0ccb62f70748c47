package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.turnout.drill.FaultDrill;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A fault drill as operators see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "FaultDrill")
record FaultDrillBody(
    @Schema(description = "Attempts that it failed have the rule `drill.` and this id.") UUID id,
    @Schema(enumeration = {"active", "used_up", "expired", "ended"}) String state,
    @Nullable String backend,
    @Nullable String authProfile,
    String reason,
    @Nullable String tenant,
    @Schema(description = "Only turns of these sessions; absent: of all.")
        @Nullable List<String> sessions,
    @Schema(description = "Only turns of these agents; absent: of all.")
        @Nullable List<String> agents,
    @Schema(description = "Whether its failures make anything rest.") boolean cooldowns,
    @Nullable String note,
    @Schema(description = "How many turns it was ordered for; absent: as many as come.")
        @Nullable Integer turns,
    @Nullable Integer turnsLeft,
    @Schema(description = "How many attempts it has failed.") long hits,
    @Schema(description = "The name of the API key that ordered it.") String madeBy,
    Instant createdAt,
    Instant expiresAt,
    @Schema(description = "When a person ended it.") @Nullable Instant endedAt) {

  /** The body that orders one. */
  @Schema(
      name = "OrderFaultDrill",
      description =
          "`backend` or `authProfile` must be there; with both, attempts fail that have both."
              + " `turns` or `seconds` must be there.",
      examples =
          "{\"backend\":\"claude\",\"reason\":\"billing\",\"turns\":3,\"sessions\":[\"drill\"]}")
  record Make(
      @Size(min = 1, max = 100, message = "must have 1 to 100 characters") @Nullable String backend,
      @Size(min = 1, max = 100, message = "must have 1 to 100 characters")
          @Nullable String authProfile,
      @Schema(description = "A reason of failures that a backend can have.", examples = "billing")
          @NotNull(message = "must be there")
          String reason,
      @Schema(description = "Ends when so many turns were failed.")
          @Min(value = 1, message = "must be at least 1")
          @Max(value = 1_000_000, message = "must be at most 1000000")
          @Nullable Integer turns,
      @Schema(description = "Ends after this time, and after a day in any case.")
          @Min(value = 1, message = "must be at least 1")
          @Max(value = 86_400, message = "must be at most 86400")
          @Nullable Integer seconds,
      @Schema(description = "Only turns of this tenant; of all when absent.")
          @Size(min = 1, max = 64, message = "must have 1 to 64 characters")
          @Nullable String tenant,
      @Schema(description = "Only turns of sessions with these keys; of all when absent.")
          @Size(min = 1, max = 100, message = "must have 1 to 100 entries")
          @Nullable List<@NotNull(message = "must not be null") String> sessions,
      @Schema(description = "Only turns of these agents; of all when absent.")
          @Size(min = 1, max = 100, message = "must have 1 to 100 entries")
          @Nullable List<@NotNull(message = "must not be null") String> agents,
      @Schema(
              description =
                  "Whether its failures make rest what real ones would, for everybody; false when"
                      + " absent.")
          @Nullable Boolean cooldowns,
      @Schema(description = "Told with each attempt that it fails.")
          @Size(min = 1, max = 200, message = "must have 1 to 200 characters")
          @Nullable String note) {}

  /** Drills, newest first. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "FaultDrillPage")
  record Page(
      List<FaultDrillBody> items,
      @Schema(description = "Send it as `cursor` for the next page; absent on the last one.")
          @Nullable String next) {}

  static FaultDrillBody of(FaultDrill drill, Instant now) {
    var order = drill.order();
    return new FaultDrillBody(
        drill.id(),
        drill.state(now).code(),
        order.backend().map(BackendId::value).orElse(null),
        order.authProfile().map(AuthProfileId::value).orElse(null),
        order.reason().code(),
        order.tenant().map(TenantId::value).orElse(null),
        sorted(order.sessions().stream().map(SessionKey::value).toList()),
        sorted(order.agents().stream().map(AgentId::value).toList()),
        order.cooldowns(),
        order.note().orElse(null),
        number(order.turns()),
        number(drill.turnsLeft()),
        drill.hits(),
        drill.madeBy(),
        drill.createdAt(),
        drill.expiresAt(),
        drill.endedAt().orElse(null));
  }

  private static @Nullable List<String> sorted(List<String> names) {
    return names.isEmpty() ? null : names.stream().sorted().toList();
  }

  private static @Nullable Integer number(OptionalInt value) {
    return value.isPresent() ? value.getAsInt() : null;
  }
}
