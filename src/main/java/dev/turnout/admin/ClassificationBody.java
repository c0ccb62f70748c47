package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.turnout.cooldown.Rest;
import dev.turnout.decision.RuleTrial;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a failure means, as operators see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Classification")
record ClassificationBody(
    String reason,
    String family,
    @Schema(description = "The rule that says so; `none` when no rule holds.") String rule,
    @Schema(description = "What is known of this answer; absent when no rule holds.")
        @Nullable String why,
    @Schema(description = "The fact that the rule goes by.") @Nullable String matchedField,
    @Schema(description = "What was said, without credentials; at most 400 characters.")
        @Nullable String excerpt,
    String summary,
    @Schema(description = "Whether the same turn may succeed later without a change.")
        boolean retryable,
    @Schema(description = "When the provider says that it works again.") @Nullable Instant retryAt,
    @Schema(description = "What it would make rest; absent when it harms its own turn alone.")
        @Nullable Rests rests,
    @Schema(description = "What rules see of it.") Map<String, String> facts) {

  /** What a failure makes rest. */
  @Schema(name = "ClassificationRest")
  record Rests(
      @Schema(enumeration = {"payment", "sign_in", "quota", "service", "model"}) String scope,
      @Schema(description = "How many of its kind in a row it takes.") int afterFailures,
      @Schema(description = "When the first rest would end, if it began now.") Instant until,
      @Schema(description = "The longest rest; each in a row is twice as long as the one before.")
          long longestSeconds,
      @Schema(description = "Whether one attempt alone finds out afterwards if it has helped.")
          boolean probed) {
    static Rests of(Rest rest) {
      return new Rests(
          rest.scope().code(),
          rest.after(),
          rest.until(),
          rest.longest().toSeconds(),
          rest.probed());
    }
  }

  /** The body that asks. */
  @Schema(
      name = "Classify",
      description = "Either `signal` or `facts`.",
      examples =
          "{\"signal\":{\"kind\":\"http\",\"status\":429,\"message\":\"Slow down\","
              + "\"headers\":{\"retry-after\":\"20\"}}}")
  record Ask(
      @Valid @Nullable SignalBody signal,
      @Schema(
              description =
                  "The facts themselves, such as those of a decision, by their names; see there.")
          @Size(min = 1, max = 200, message = "must have 1 to 200 entries")
          @Nullable
              Map<
                  @Size(min = 1, max = 200, message = "must have a name of 1 to 200 characters")
                  String,
                  @NotNull(message = "must not be null")
                  @Size(max = 10_000, message = SignalBody.LONG) String>
              facts,
      @Schema(description = "Rules to try, in front of those in force.")
          @Nullable List<@NotNull(message = "must not be null") @Valid RuleBody> rules) {}

  /** The body that asks for a dry run. */
  @Schema(name = "TryRules")
  record Try(
      @Schema(description = "Rules to try, in front of those in force.")
          @NotNull(message = "must be there")
          @Size(min = 1, message = "must have at least one rule")
          List<@NotNull(message = "must not be null") @Valid RuleBody> rules,
      @Schema(description = "Not on failures before this time; on all that are kept when absent.")
          @Nullable Instant since,
      @Schema(description = "On how many of the newest; 10000 when absent.")
          @Min(value = 1, message = "must be from 1 to 10000")
          @Max(value = RuleTrial.MOST, message = "must be from 1 to 10000")
          @Nullable Integer limit) {}

  /** What came of a dry run. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "RuleTrial")
  record Trial(
      @Schema(description = "How many recorded failures were looked at.") int examined,
      @Schema(description = "How many of them would be something else.") int changed,
      @Schema(description = "False when older failures were left out for the limit.")
          boolean complete,
      @Schema(description = "When the oldest of them came.") @Nullable Instant oldest,
      @Schema(description = "By what they were and would be, the most frequent first.")
          List<Shift> changes,
      @Schema(
              description =
                  "Rules of the body that can never decide: an earlier one holds whenever they do.")
          List<String> unreachable) {

    static Trial of(RuleTrial trial, List<String> unreachable) {
      return new Trial(
          trial.examined(),
          trial.changed(),
          trial.complete(),
          trial.oldest().orElse(null),
          trial.shifts().stream().map(Shift::of).toList(),
          unreachable);
    }
  }

  /** Failures of one reason that would be of another one. */
  @Schema(name = "RuleTrialChange")
  record Shift(String from, String to, int count, List<Example> examples) {
    static Shift of(RuleTrial.Shift shift) {
      return new Shift(
          shift.from().code(),
          shift.to().code(),
          shift.count(),
          shift.examples().stream().map(Example::of).toList());
    }
  }

  /** One of them, newest first and at most five. */
  @Schema(name = "RuleTrialExample")
  record Example(UUID decision, UUID turn, Instant at, String rule, String newRule) {
    static Example of(RuleTrial.Example example) {
      return new Example(
          example.decision(),
          example.turn().value(),
          example.at(),
          example.oldRule(),
          example.newRule());
    }
  }
}
