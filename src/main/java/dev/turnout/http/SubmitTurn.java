package dev.turnout.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.turnout.turn.BusyMode;
import dev.turnout.turn.Recovery;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a submission. */
@Schema(
    name = "SubmitTurn",
    description = "One input for a session's agent.",
    examples =
        "{\"input\":{\"text\":\"What is in this repository?\"},\"metadata\":{\"from\":\"docs\"}}")
record SubmitTurn(
    @NotNull(message = "must be there") @Valid Input input,
    @Schema(description = "Who answers; the session's own agent, else the default one.")
        @Size(min = 1, max = 100, message = "must have 1 to 100 characters")
        @Nullable String agent,
    @Schema(
            description =
                "What happens while the session is busy; as the settings of the agent say when absent.")
        @Nullable Mode mode,
    @Schema(description = "The class of work; `user` when absent.")
        @Size(min = 1, max = 100, message = "must have 1 to 100 characters")
        @Nullable String lane,
    @Schema(
            description =
                "Higher starts sooner. The order inside the session stays; 0 when absent.")
        @Min(value = -100, message = "must be at least -100")
        @Max(value = 100, message = "must be at most 100")
        @Nullable Integer priority,
    @Schema(description = "Not to be started before this time.") @Nullable Instant notBefore,
    @Schema(description = "Ends as `expired` when it was not started by this time.")
        @Nullable Instant expiresAt,
    @Schema(description = "A model for this turn alone, of the agent's first backend.")
        @Size(min = 1, max = 200, message = "must have 1 to 200 characters")
        @Nullable String model,
    @Schema(description = "Who answers this turn, and nobody else: a backend by its name.")
        @Size(min = 1, max = 100, message = "must have 1 to 100 characters")
        @Nullable String backend,
    @Schema(description = "The one credential that this turn may use; no other takes its place.")
        @Size(min = 1, max = 100, message = "must have 1 to 100 characters")
        @Nullable String authProfile,
    @Schema(
            description =
                "Who may answer this turn, in the order of preference, and nobody else; in place of"
                    + " the agent's chain, and of `model`, `backend` and `authProfile`.")
        @Size(min = 1, max = 10, message = "must have 1 to 10 entries")
        @Nullable List<@NotNull(message = "must not be null") @Valid CandidateBody> chain,
    @Schema(
            description =
                "In which language a person is told of a failure, as a BCP 47 tag: Chinese, and"
                    + " English for every other. `Accept-Language` of whoever reads the turn wins.",
            examples = "zh-CN")
        @Size(max = 35, message = "must have at most 35 characters")
        @Pattern(regexp = LANGUAGE_FORM, message = "must be a BCP 47 tag, such as en or zh-CN")
        @Nullable String language,
    @Schema(
            description =
                "What happens when the replica dies that runs it; `if_no_effect` when absent.")
        @Nullable OnCrash recovery,
    @Schema(description = "Texts kept with the turn for the caller; nobody reads them.")
        @Size(max = 32, message = "must have at most 32 entries")
        @Nullable
            Map<
                @Size(min = 1, max = 64, message = "must have a name of 1 to 64 characters") String,
                @NotNull(message = "must not be null")
                @Size(max = 1_024, message = "must have at most 1024 characters") String>
            metadata) {

  private static final String LANGUAGE_FORM = "[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*";

  /** What the turn says. */
  @Schema(name = "TurnInput")
  record Input(
      @Schema(examples = "What is in this repository?")
          @NotNull(message = "must be there")
          @Size(min = 1, message = "must not be empty")
          String text) {}

  /** The wire form of {@link BusyMode}. */
  @Schema(name = "BusyMode")
  enum Mode {
    @JsonProperty("followup")
    FOLLOWUP,
    @JsonProperty("interrupt")
    INTERRUPT,
    @JsonProperty("steer")
    STEER,
    @JsonProperty("reject")
    REJECT;

    BusyMode mode() {
      return switch (this) {
        case FOLLOWUP -> BusyMode.FOLLOWUP;
        case INTERRUPT -> BusyMode.INTERRUPT;
        case STEER -> BusyMode.STEER;
        case REJECT -> BusyMode.REJECT;
      };
    }
  }

  /** The wire form of {@link Recovery}. */
  @Schema(name = "Recovery")
  enum OnCrash {
    @JsonProperty("if_no_effect")
    IF_NO_EFFECT,
    @JsonProperty("always")
    ALWAYS,
    @JsonProperty("never")
    NEVER;

    Recovery recovery() {
      return switch (this) {
        case IF_NO_EFFECT -> Recovery.IF_NO_EFFECT;
        case ALWAYS -> Recovery.ALWAYS;
        case NEVER -> Recovery.NEVER;
      };
    }
  }
}
