package dev.turnout.admin;

import dev.turnout.cooldown.Rest;
import dev.turnout.decision.DecisionLog;
import dev.turnout.decision.RuleTrial;
import dev.turnout.failure.ClassificationRule;
import dev.turnout.failure.ClassificationRules;
import dev.turnout.failure.FailureClassifier;
import dev.turnout.failure.SignalFacts;
import dev.turnout.http.FailureBody;
import dev.turnout.http.Problem;
import dev.turnout.http.ProblemException;
import dev.turnout.http.ProblemType;
import dev.turnout.http.PublicApi;
import dev.turnout.identity.Scope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What failures mean: by the rules in force, and by others that somebody wants to try. */
@Path("/admin/v1")
@Tag(name = "classification")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.ADMIN_ROLE)
class ClassificationResource {
  private final RulesInForce inForce;
  private final DecisionLog log;
  private final Clock clock;

  ClassificationResource(RulesInForce inForce, DecisionLog log, Clock clock) {
    this.inForce = inForce;
    this.log = log;
    this.clock = clock;
  }

  @GET
  @Path("classification-rules")
  @RunOnVirtualThread
  @Operation(
      operationId = "listClassificationRules",
      summary = "List the rules in force, in their order",
      description = "The first that holds decides. An operator's own stand before the built-in.")
  public RuleBody.All rules() {
    return new RuleBody.All(
        inForce.all().rules().stream()
            .map(rule -> RuleBody.of(rule, inForce.source(rule)))
            .toList());
  }

  @POST
  @Path("classify")
  @RunOnVirtualThread
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "classifyFailure",
      summary = "Say what a failure would mean",
      description = "Nothing is recorded, and nothing rests for it.")
  @APIResponse(
      responseCode = "200",
      description = "What it means.",
      content = @Content(schema = @Schema(implementation = ClassificationBody.class)))
  @APIResponse(responseCode = "415", ref = PublicApi.PROBLEM)
  public ClassificationBody classify(@NotNull @Valid ClassificationBody.Ask body) {
    var rules = inForce.all().overriddenBy(RuleBody.parse(body.rules()));
    var facts = facts(body);
    var now = clock.instant();
    var failure = new FailureClassifier(rules).classify(facts, now);
    return new ClassificationBody(
        failure.reason().code(),
        failure.reason().family().name().toLowerCase(Locale.ROOT),
        failure.rule(),
        rules.firstFor(facts).map(ClassificationRule::why).orElse(null),
        failure.matchedField().orElse(null),
        failure.excerpt().orElse(null),
        failure.summary(),
        FailureBody.isRetryable(failure.reason()),
        failure.retryAt().orElse(null),
        Rest.of(failure, inForce.rests(), now).map(ClassificationBody.Rests::of).orElse(null),
        facts.values());
  }

  private static SignalFacts facts(ClassificationBody.Ask body) {
    var signal = Optional.ofNullable(body.signal());
    var facts = Optional.ofNullable(body.facts());
    if (signal.isPresent() == facts.isPresent()) {
      throw new ProblemException(
          Problem.ofField(
              ProblemType.INVALID_FIELD,
              signal.isPresent() ? "/facts" : "/signal",
              signal.isPresent() ? "must be absent where signal is there" : "must be there"));
    }
    return facts
        .map(SignalFacts::of)
        .orElseGet(() -> SignalFacts.of(signal.orElseThrow().toSignal()));
  }

  @POST
  @Path("classify/dry-run")
  @RunOnVirtualThread
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "tryClassificationRules",
      summary = "Say which past failures other rules would take for something else",
      description =
          "Tried on the facts that are kept with the decisions, newest first. Nothing changes.")
  @APIResponse(
      responseCode = "200",
      description = "What would change.",
      content = @Content(schema = @Schema(implementation = ClassificationBody.Trial.class)))
  @APIResponse(responseCode = "415", ref = PublicApi.PROBLEM)
  public ClassificationBody.Trial tryRules(@NotNull @Valid ClassificationBody.Try body) {
    var tried = RuleBody.parse(body.rules());
    var rules = inForce.all().overriddenBy(tried);
    var trial =
        RuleTrial.run(
            log,
            rules,
            Objects.requireNonNullElse(body.since(), Instant.EPOCH),
            Objects.requireNonNullElse(body.limit(), RuleTrial.MOST));
    return ClassificationBody.Trial.of(trial, unreachable(rules, tried));
  }

  private static List<String> unreachable(
      ClassificationRules rules, List<ClassificationRule> tried) {
    var ids = tried.stream().map(ClassificationRule::id).toList();
    // They stand in front: what stands behind them cannot keep them from deciding.
    return new ClassificationRules(rules.rules().subList(0, tried.size()))
        .unreachable().stream().filter(ids::contains).toList();
  }
}
