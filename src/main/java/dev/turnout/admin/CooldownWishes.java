package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The bodies with which operators make, clear and probe cooldowns. */
final class CooldownWishes {
  /** Longest rest that a person can make, in seconds: a year. */
  static final int LONGEST_REST = 366 * 24 * 60 * 60;

  /** Longest time limit of a probe, in seconds; idle connections are cut after two minutes. */
  static final int LONGEST_PROBE = 100;

  private static final String WHY = "must have 1 to 1000 characters, and not be blank";
  private static final String WHY_FORM = "(?s)\\s*\\S.*";

  private CooldownWishes() {}

  /** Make something rest. */
  @Schema(
      name = "MakeCooldown",
      description =
          "The reason decides the scope, and the scope which parts there are: account and runtime for"
              + " `payment` and `sign_in`, the model beside them for `quota`, backend and model for"
              + " `service`, account and model for `model`. A lane belongs to each.",
      examples =
          "{\"reason\":\"billing\",\"account\":\"work\",\"runtime\":\"api\",\"forSeconds\":3600,"
              + "\"why\":\"the card is blocked until noon\"}")
  record Make(
      @NotNull(message = "must be there") @Schema(examples = "billing") String reason,
      @Schema(description = "What the reason makes rest; may be left out.") @Nullable String scope,
      @Schema(description = "An auth profile, or `~` and a backend for that backend's own log-in.")
          @Nullable String account,
      @Nullable String backend,
      @Schema(enumeration = {"cli", "api"}) @Nullable String runtime,
      @Schema(description = "Left out where only the backend knows which.")
          @Size(min = 1, max = 200, message = "must have 1 to 200 characters")
          @Nullable String model,
      @Schema(description = "`user` when absent.") @Nullable String lane,
      @Schema(description = "The end of the rest; this or `forSeconds`.") @Nullable Instant until,
      @Min(value = 1, message = "must be at least 1")
          @Max(value = LONGEST_REST, message = "must be a year at most")
          @Nullable Integer forSeconds,
      @NotNull(message = "must be there")
          @Size(max = 1000, message = WHY)
          @Pattern(regexp = WHY_FORM, message = WHY)
          String why) {}

  /** Clear it. */
  @Schema(name = "ClearCooldown", examples = "{\"why\":\"the bill is paid\"}")
  record Clear(
      @Size(max = 1000, message = WHY) @Pattern(regexp = WHY_FORM, message = WHY)
          @Nullable String why) {}

  /** Find out whether it has helped. */
  @Schema(name = "ProbeCooldown", examples = "{\"timeoutSeconds\":30}")
  record Probe(
      @Schema(description = "Whom to ask; the first configured one that rests for it when absent.")
          @Valid
          @Nullable CandidateBody candidate,
      @Schema(description = "What to ask; `Reply with the single word OK.` when absent.")
          @Size(max = 4000, message = "must have at most 4000 characters")
          @Pattern(regexp = WHY_FORM, message = "must not be blank")
          @Nullable String prompt,
      @Schema(description = "How long the answer may take; 60 when absent.")
          @Min(value = 1, message = "must be at least 1")
          @Max(value = LONGEST_PROBE, message = "must be at most 100")
          @Nullable Integer timeoutSeconds,
      @Size(max = 1000, message = WHY) @Pattern(regexp = WHY_FORM, message = WHY)
          @Nullable String why) {}

  /** What the probe found. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "ProbeResult")
  record Probed(
      @Schema(
              description =
                  "`answered`: its cooldowns are over; `failed`: counted like any failure.",
              enumeration = {"answered", "failed"})
          String outcome,
      CandidateBody candidate,
      @Schema(description = "In milliseconds.") long tookMs,
      @Nullable String reason,
      CooldownBody.@Nullable Evidence failure,
      @Schema(description = "As it is afterwards; absent when it is over.")
          @Nullable CooldownBody cooldown) {}
}
