package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.turnout.failure.ClassificationRule;
import dev.turnout.failure.RuleText;
import dev.turnout.http.Problem;
import dev.turnout.http.ProblemException;
import dev.turnout.http.ProblemType;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A rule of classification in its text form. */
@Schema(
    name = "ClassificationRule",
    examples =
        "{\"id\":\"acme.seats\",\"when\":\"status = 402 and says \\\"seats\\\"\","
            + "\"reason\":\"permission\",\"why\":\"Their gateway says so when seats are taken.\"}")
record RuleBody(
    @Schema(
            description =
                "Small letters and digits, joined by dots or dashes. A rule with the id of another"
                    + " one stands in its place.")
        @NotNull(message = "must be there")
        String id,
    @Schema(
            description =
                "What must hold: `field = value|value`, `field = 500..599`, `field = prefix*`, `has"
                    + " field`, `says \"phrase\"|\"phrase\"`, `not …`, joined by `and`.")
        @NotNull(message = "must be there")
        String when,
    @Schema(description = "What it then means.", examples = "billing")
        @NotNull(message = "must be there")
        String reason,
    @Schema(description = "What is known of this answer.") @NotNull(message = "must be there")
        String why) {

  /** A rule in force. */
  @Schema(name = "ClassificationRuleInForce")
  record InForce(String id, String when, String reason, String why, Source source) {}

  /** Whose rule it is. */
  @Schema(name = "ClassificationRuleSource")
  enum Source {
    @JsonProperty("built_in")
    BUILT_IN,
    @JsonProperty("override")
    OVERRIDE
  }

  /** All rules, in the order in which they are tried: the first that holds decides. */
  @Schema(name = "ClassificationRules")
  record All(List<InForce> items) {}

  static InForce of(ClassificationRule rule, Source source) {
    return new InForce(rule.id(), rule.when().toString(), rule.reason().code(), rule.why(), source);
  }

  /**
   * The rules that these say; none for none.
   *
   * @throws ProblemException naming every flaw by its place under {@code /rules}
   */
  static List<ClassificationRule> parse(@Nullable List<RuleBody> bodies) {
    if (bodies == null) {
      return List.of();
    }
    var texts =
        bodies.stream()
            .map(body -> new RuleText(body.id, body.when, body.reason, body.why))
            .toList();
    return switch (RuleText.parse(texts)) {
      case RuleText.Result.Rules(var rules) -> rules;
      case RuleText.Result.Flawed(var flaws) -> {
        var problem =
            Problem.ofField(
                ProblemType.INVALID_FIELD, pointer(flaws.getFirst()), flaws.getFirst().why());
        for (var flaw : flaws.subList(1, flaws.size())) {
          problem = problem.withFlaw(new Problem.Flaw(pointer(flaw), null, null, flaw.why()));
        }
        throw new ProblemException(problem);
      }
    };
  }

  private static String pointer(RuleText.Flaw flaw) {
    return "/rules/" + flaw.index() + (flaw.field().isEmpty() ? "" : "/" + flaw.field());
  }
}
