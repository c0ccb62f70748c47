package dev.turnout.telemetry;

import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.turn.Attempt;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.TurnState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this replica has tried since it started. In memory and for this replica alone: metrics of
 * all replicas are added up by whoever scrapes them, and a write for each attempt would cost more
 * than its last failure is worth.
 */
@ApplicationScoped
public class Telemetry {
  /** The label of what no setting names: callers choose models, and settings lose entries. */
  static final String OTHER = "other";

  /** The label of what is not there: the reason of an attempt that was answered. */
  static final String NONE = "none";

  /** Where the buckets of durations end: a model's answer, an agent's turn, a long one. */
  private static final Duration[] BUCKETS = {
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(20),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(30)
  };

  private final MeterRegistry registry;
  private final CurrentSettings settings;
  private final Clock clock;
  private final Instant since;
  private final Map<String, Health> accounts = new ConcurrentHashMap<>();
  private final Map<BackendId, Health> backends = new ConcurrentHashMap<>();

  @Inject
  public Telemetry(MeterRegistry registry, CurrentSettings settings, Clock clock) {
    this.registry = registry;
    this.settings = settings;
    this.clock = clock;
    this.since = clock.instant();
  }

  /** Since when it counts. */
  public Instant since() {
    return since;
  }

  /** How this account has done: an auth profile, or {@code ~backend}. */
  public Health account(String account) {
    return accounts.getOrDefault(account, Health.UNTRIED);
  }

  /** How this backend has done. */
  public Health backend(BackendId backend) {
    return backends.getOrDefault(backend, Health.UNTRIED);
  }

  /** The candidates of one run, in their order, after the last of them. */
  public void routed(LaneId lane, List<Attempt> attempts) {
    Attempt before = null;
    for (var attempt : attempts) {
      var runtime = attempt.runtime().orElse(NONE);
      if (attempt.skipped()) {
        skipped(lane, attempt.candidate(), runtime, attempt.failure());
      } else {
        tried(lane, attempt.candidate(), runtime, attempt.failure(), attempt.took());
      }
      if (before != null && !before.candidate().equals(attempt.candidate())) {
        count(
            Metric.FALLBACKS,
            Tags.of("lane", name(lane), "reason", reason(before.failure().map(Failure::reason))));
      }
      before = attempt;
    }
  }

  /**
   * One call of a candidate that came to an end.
   *
   * @param failure absent when it was answered
   */
  public void tried(
      LaneId lane, Candidate candidate, String runtime, Optional<Failure> failure, Duration took) {
    note(candidate, failure);
    var outcome = failure.isPresent() ? "failed" : "answered";
    var common = Tags.of("backend", name(candidate.backend()), "runtime", runtime);
    var reason = failure.map(Failure::reason);
    count(
        Metric.ATTEMPTS,
        common.and(
            "lane",
            name(lane),
            "outcome",
            outcome,
            "reason",
            reason(reason),
            "family",
            reason.map(r -> r.family().name().toLowerCase(Locale.ROOT)).orElse(NONE)));
    Timer.builder(Metric.ATTEMPT_DURATION.meter())
        .description(Metric.ATTEMPT_DURATION.help())
        .tags(common.and("outcome", outcome))
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(took);
  }

  private void skipped(
      LaneId lane, Candidate candidate, String runtime, Optional<Failure> failure) {
    if (isConfigured(candidate)) {
      accounts.merge(account(candidate), Health.UNTRIED.passedOver(), (old, _) -> old.passedOver());
      backends.merge(
          candidate.backend(), Health.UNTRIED.passedOver(), (old, _) -> old.passedOver());
    }
    count(
        Metric.SKIPPED,
        Tags.of("backend", name(candidate.backend()), "runtime", runtime)
            .and("lane", name(lane), "reason", reason(failure.map(Failure::reason))));
  }

  /** A run ended, and its turn with it. */
  public void ended(LaneId lane, TurnState state, Optional<FailureReason> reason) {
    count(
        Metric.TURNS, Tags.of("lane", name(lane), "state", state.code(), "reason", reason(reason)));
  }

  /** A person has asked for the sake of a cooldown. */
  public void probed(String scope, String outcome) {
    count(Metric.PROBES, Tags.of("scope", scope, "outcome", outcome));
  }

  private void count(Metric metric, Tags tags) {
    Counter.builder(metric.meter())
        .description(metric.help())
        .tags(tags)
        .register(registry)
        .increment();
  }

  private void note(Candidate candidate, Optional<Failure> failure) {
    if (isConfigured(candidate)) {
      var now = clock.instant();
      accounts.compute(
          account(candidate), (_, old) -> (old == null ? Health.UNTRIED : old).tried(failure, now));
      backends.compute(
          candidate.backend(),
          (_, old) -> (old == null ? Health.UNTRIED : old).tried(failure, now));
    }
  }

  /** So that what is kept is bounded by the settings. */
  private boolean isConfigured(Candidate candidate) {
    return settings.snapshot().backend(candidate.backend()).isPresent();
  }

  private static String account(Candidate candidate) {
    return candidate.authProfile().map(AuthProfileId::value).orElse("~" + candidate.backend());
  }

  private String name(BackendId backend) {
    return settings.snapshot().backend(backend).isPresent() ? backend.value() : OTHER;
  }

  private String name(LaneId lane) {
    return settings.snapshot().lanes().containsKey(lane) ? lane.value() : OTHER;
  }

  private static String reason(Optional<FailureReason> reason) {
    return reason.map(FailureReason::code).orElse(NONE);
  }
}
