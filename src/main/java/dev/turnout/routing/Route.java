package dev.turnout.routing;

import dev.turnout.backend.BackendRuntime;
import dev.turnout.cooldown.CooldownSnapshot;
import dev.turnout.cooldown.Standing;
import dev.turnout.cooldown.Way;
import dev.turnout.failure.Failure;
import dev.turnout.routing.Situation.Step;
import dev.turnout.settings.BackendSettings;
import dev.turnout.turn.Attempt;
import dev.turnout.turn.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What one turn has come through so far; for the thread that routes it. */
final class Route {
  final RouteRequest request;
  final List<Candidate> chain;
  private final Set<Candidate> lastResort;
  final Trail trail = new Trail();
  private final List<Attempt> attempts = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private Duration waited = Duration.ZERO;

  Route(RouteRequest request) {
    this.request = request;
    this.chain = chain(request);
    // The last resort of what the caller replaced is the same place with the caller's model.
    this.lastResort =
        request.agent().lastResort().stream()
            .map(c -> new Candidate(c.backend(), request.model().or(c::model), c.authProfile()))
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * A caller who names a model gets it from the agent's first backend, and nothing else: with the
   * credentials that stand there for its first model, in their order.
   */
  private static List<Candidate> chain(RouteRequest request) {
    var chain = request.agent().chain();
    if (request.model().isEmpty()) {
      return chain;
    }
    var first = chain.getFirst();
    return chain.stream()
        .takeWhile(c -> c.backend().equals(first.backend()) && c.model().equals(first.model()))
        .map(c -> new Candidate(c.backend(), request.model(), c.authProfile()))
        .toList();
  }

  Situation situation(CooldownSnapshot cooldowns, double jitter, Instant now) {
    return new Situation(
        chain,
        lastResort,
        steps,
        (candidate, at) ->
            way(candidate).map(way -> cooldowns.standing(way, at)).orElseGet(Standing.Free::new),
        request.settings().fallback(),
        waited,
        jitter,
        now);
  }

  /** As cooldowns see it; empty when its backend is not there, which is told by trying it. */
  Optional<Way> way(Candidate candidate) {
    return request
        .settings()
        .backend(candidate.backend())
        .map(
            backend ->
                switch (backend) {
                  case BackendSettings.Cli _ ->
                      Way.of(
                          candidate, BackendRuntime.CLI.code(), Optional.empty(), request.lane());
                  case BackendSettings.Api api ->
                      Way.of(
                          candidate, BackendRuntime.API.code(), api.defaultModel(), request.lane());
                });
  }

  /** This comes next. */
  void decided(FallbackDecision decision, Instant now) {
    trail.decided(decision, decision.about().flatMap(this::way).map(Way::runtime), now);
  }

  void waited(Duration pause) {
    waited = waited.plus(pause);
  }

  void answered(Candidate candidate, String runtime, Instant startedAt, Instant now) {
    attempts.add(
        new Attempt(
            candidate,
            Optional.of(runtime),
            startedAt,
            Duration.between(startedAt, now),
            Optional.empty(),
            false));
  }

  void failed(Step.Tried tried, Optional<String> runtime, Instant startedAt, Instant now) {
    steps.add(tried);
    attempts.add(
        new Attempt(
            tried.candidate(),
            runtime,
            startedAt,
            Duration.between(startedAt, now),
            Optional.of(tried.failure()),
            false));
  }

  /** It speaks with the reason of its cooldown, and with the evidence for it. */
  Failure skipped(Candidate candidate, Standing.Resting resting, Instant now) {
    var cause = resting.cooldown().failure();
    var failure =
        new Failure(
            cause.reason(),
            cause.rule(),
            "not asked: it rests until " + resting.until() + " after: " + cause.summary(),
            Optional.of(resting.until()),
            cause.matchedField(),
            cause.excerpt());
    steps.add(new Step.Skipped(candidate, failure));
    attempts.add(
        new Attempt(
            candidate,
            way(candidate).map(Way::runtime),
            now,
            Duration.ZERO,
            Optional.of(failure),
            true));
    return failure;
  }

  List<Attempt> attempts() {
    return List.copyOf(attempts);
  }
}
