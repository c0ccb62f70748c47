package dev.turnout.admin;

import dev.turnout.audit.Audit;
import dev.turnout.audit.AuditEntry;
import dev.turnout.audit.AuditEntry.Result;
import dev.turnout.cooldown.Cooldown;
import dev.turnout.cooldown.CooldownKey;
import dev.turnout.cooldown.Cooldowns;
import dev.turnout.cooldown.Way;
import dev.turnout.failure.Failure;
import dev.turnout.http.Problem;
import dev.turnout.http.ProblemException;
import dev.turnout.http.ProblemType;
import dev.turnout.routing.BackendRouter;
import dev.turnout.routing.Permission;
import dev.turnout.routing.ProbeOutcome;
import dev.turnout.routing.ProbeRequest;
import dev.turnout.routing.Ways;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.settings.Reach;
import dev.turnout.settings.Settings;
import dev.turnout.telemetry.Telemetry;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.LaneId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Probes at a person's wish. Asking a backend is nothing that a commit could hold: the line of the
 * audit trail is written when the probe has ended, with what it found.
 */
@ApplicationScoped
class CooldownProbes {
  private static final String PROMPT = "Reply with the single word OK.";

  private final BackendRouter router;
  private final Cooldowns cooldowns;
  private final CurrentSettings settings;
  private final Clock clock;
  private final Audit audit;
  private final AdminRequest request;
  private final Telemetry telemetry;

  CooldownProbes(
      BackendRouter router,
      Cooldowns cooldowns,
      CurrentSettings settings,
      Clock clock,
      Audit audit,
      AdminRequest request,
      Telemetry telemetry) {
    this.telemetry = telemetry;
    this.router = router;
    this.cooldowns = cooldowns;
    this.settings = settings;
    this.clock = clock;
    this.audit = audit;
    this.request = request;
  }

  CooldownWishes.Probed probe(Cooldown cooldown, CooldownWishes.Probe wish) {
    var current = settings.snapshot();
    var candidate = candidate(cooldown, wish, current);
    var entry =
        request
            .entry("cooldown.probe", cooldown.id())
            .because(Optional.ofNullable(wish.why()))
            .from(CooldownBody.of(cooldown, clock.instant()));
    var prompt = Optional.ofNullable(wish.prompt()).orElse(PROMPT);
    var outcome =
        router.probe(
            new ProbeRequest(
                cooldown,
                candidate,
                current,
                prompt,
                CooldownResource.timeout(wish),
                entry.who().name()));
    count(cooldown, candidate, outcome, current);
    return switch (outcome) {
      case ProbeOutcome.Answered(var took) ->
          told(entry, new Found("answered", took.toMillis(), null, null), cooldown, candidate);
      case ProbeOutcome.Failed(var failure, var took) ->
          told(
              entry,
              new Found(
                  "failed",
                  took.toMillis(),
                  failure.reason().code(),
                  CooldownBody.Evidence.of(failure)),
              cooldown,
              candidate);
      case ProbeOutcome.Forbidden(var why) -> {
        audit.record(entry.ended(Result.REFUSED));
        throw forbidden(why);
      }
      case ProbeOutcome.Taken() -> {
        audit.record(entry.ended(Result.REFUSED));
        throw new ProblemException(
            ProblemType.PROBE_TAKEN, "Another attempt is finding out about " + cooldown.id() + ".");
      }
      case ProbeOutcome.Aborted() -> {
        audit.record(entry.ended(Result.FAILED));
        throw new ProblemException(
            ProblemType.STOPPING, "This replica stopped before the answer came.");
      }
    };
  }

  private void count(
      Cooldown cooldown, Candidate candidate, ProbeOutcome outcome, Settings current) {
    var lane = new LaneId(cooldown.key().lane());
    var runtime = Ways.of(current, candidate, lane).map(Way::runtime).orElse("none");
    var end =
        switch (outcome) {
          case ProbeOutcome.Answered(var took) -> {
            telemetry.tried(lane, candidate, runtime, Optional.empty(), took);
            yield "answered";
          }
          case ProbeOutcome.Failed(var failure, var took) -> {
            telemetry.tried(lane, candidate, runtime, Optional.of(failure), took);
            yield "failed";
          }
          case ProbeOutcome.Forbidden _ -> "forbidden";
          case ProbeOutcome.Taken() -> "taken";
          case ProbeOutcome.Aborted() -> "aborted";
        };
    telemetry.probed(cooldown.key().scope().code(), end);
  }

  private record Found(
      String outcome,
      long tookMs,
      @Nullable String reason,
      CooldownBody.@Nullable Evidence failure) {}

  private CooldownWishes.Probed told(
      AuditEntry entry, Found found, Cooldown cooldown, Candidate candidate) {
    var after =
        cooldowns
            .find(cooldown.id())
            .map(now -> CooldownBody.of(now, clock.instant()))
            .orElse(null);
    var probed =
        new CooldownWishes.Probed(
            found.outcome(),
            CandidateBody.of(candidate),
            found.tookMs(),
            found.reason(),
            found.failure(),
            after);
    audit.record(entry.to(Map.of("probe", probed)));
    return probed;
  }

  /** Whom to ask: nobody whose answer would say nothing about this cooldown. */
  private static Candidate candidate(
      Cooldown cooldown, CooldownWishes.Probe wish, Settings settings) {
    var key = cooldown.key();
    if (wish.candidate() != null) {
      var named = wish.candidate().candidate();
      if (!Ways.covers(key, settings, named)) {
        throw new ProblemException(
            Problem.ofField(
                ProblemType.INVALID_FIELD, "/candidate", "does not rest for this cooldown"));
      }
      return named;
    }
    var covered = covered(key, settings);
    if (covered.isEmpty()) {
      throw new ProblemException(
          ProblemType.NOTHING_TO_PROBE,
          "No configured candidate rests for "
              + cooldown.id()
              + ", or several that callers chose.");
    }
    return covered.stream()
        .filter(candidate -> Permission.missing(settings, candidate).isEmpty())
        .findFirst()
        .orElseThrow(
            () -> forbidden(Permission.missing(settings, covered.getFirst()).orElseThrow()));
  }

  private static List<Candidate> covered(CooldownKey key, Settings settings) {
    var configured = Ways.covered(key, settings).stream().map(Ways.Covered::candidate).toList();
    if (!configured.isEmpty()) {
      return configured;
    }
    // A caller may have asked for a model that no chain has.
    var otherModel =
        settings.agents().values().stream()
            .flatMap(agent -> Reach.of(agent).stream())
            .map(c -> new Candidate(c.backend(), Optional.of(key.model()), c.authProfile()))
            .filter(c -> Ways.covers(key, settings, c))
            .toList();
    if (!otherModel.isEmpty()) {
      return otherModel;
    }
    // Of several that callers may choose, most would be strangers to this account.
    var chosen = Ways.coveredByChoice(key, settings);
    return chosen.size() == 1 ? chosen : List.of();
  }

  private static ProblemException forbidden(Failure why) {
    return new ProblemException(ProblemType.PROBE_FORBIDDEN, why.summary() + ". Nobody was asked.");
  }
}
