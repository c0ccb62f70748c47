package dev.turnout.routing;

import dev.turnout.cooldown.Cooldown;
import dev.turnout.cooldown.CooldownSnapshot;
import dev.turnout.cooldown.Standing;
import dev.turnout.cooldown.Way;
import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.routing.RouteExplanation.End;
import dev.turnout.routing.RouteExplanation.Plan;
import dev.turnout.routing.RouteExplanation.Rest;
import dev.turnout.routing.RouteExplanation.Stop;
import dev.turnout.routing.Situation.Step;
import dev.turnout.turn.Candidate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Walks a route without taking it. It asks the very policy that routes turns, over the very
 * situation that they are in, so that it cannot tell another story.
 */
final class RouteExplainer {
  /**
   * What is assumed of everybody who is asked: a failure that ends no turn, is not asked again and
   * makes nobody rest, so that the walk goes on to the next.
   */
  static final Failure ASSUMED =
      Failure.of(FailureReason.PROTOCOL_ERROR, "explain.assumed", "assumed to fail");

  private static final Failure TOO_LARGE =
      Failure.of(FailureReason.CONTEXT_OVERFLOW, "explain.assumed", "assumed to be too large");
  private static final Failure NOT_SAID =
      Failure.of(FailureReason.CONTENT_POLICY, "explain.assumed", "assumed not to be answered");

  private final FallbackPolicy policy;
  private final CooldownSnapshot cooldowns;
  private final Instant now;

  RouteExplainer(FallbackPolicy policy, CooldownSnapshot cooldowns, Instant now) {
    this.policy = policy;
    this.cooldowns = cooldowns;
    this.now = now;
  }

  /**
   * Three walks, one for each kind of failure that has a chain of its own and one for the rest.
   *
   * @param routes makes the route anew for each
   */
  RouteExplanation explain(Supplier<Route> routes) {
    var general = walk(routes.get(), ASSUMED);
    return new RouteExplanation(
        now,
        general.stops(),
        after(routes.get(), TOO_LARGE),
        after(routes.get(), NOT_SAID),
        general.end());
  }

  /** Whom it comes to in place of the rest; nobody in particular where that kind has no chain. */
  private List<Stop> after(Route route, Failure first) {
    var own = route.chainAfter(first.reason());
    if (own.isEmpty()) {
      return List.of();
    }
    return walk(route, first).stops().stream()
        .dropWhile(stop -> !isAsked(stop))
        // Whoever failed so, and those that came before, are not asked again.
        .skip(1)
        .filter(stop -> own.contains(stop.candidate()))
        .toList();
  }

  private record Walked(List<Stop> stops, Optional<End> end) {}

  private Walked walk(Route route, Failure assumed) {
    var stops = new LinkedHashMap<Candidate, Stop>();
    while (true) {
      switch (policy.next(route.situation(cooldowns, 0, now))) {
        case FallbackDecision.Try(var candidate) -> {
          stops.merge(
              candidate, stop(route, candidate, Plan.ASK), (skipped, _) -> asLastResort(skipped));
          fail(route, candidate, assumed);
        }
        case FallbackDecision.Probe(var candidate, Standing.ToProbe(var resting)) -> {
          var stop = stop(route, candidate, Plan.PROBE);
          stops.put(candidate, at(stop, resting.getFirst(), resting.getFirst().until()));
          fail(route, candidate, assumed);
        }
        case FallbackDecision.Skip(var candidate, var resting) -> {
          var stop = stop(route, candidate, Plan.SKIP);
          stops.put(candidate, at(stop, resting.cooldown(), Optional.of(resting.until())));
          route.skipped(candidate, resting, now);
        }
        case FallbackDecision.Bar(var candidate, var why) -> {
          stops.put(candidate, stop(route, candidate, Plan.BAR));
          route.barred(candidate, why, now);
        }
        // Where the assumed failure is answered so, the same candidate fails again.
        case FallbackDecision.StartAfresh(var candidate) -> fail(route, candidate, assumed);
        case FallbackDecision.RetrySame(var candidate, _, _) -> fail(route, candidate, assumed);
        case FallbackDecision.GiveUp(var failure) -> {
          return new Walked(all(route, stops, assumed), end(route, stops, failure));
        }
      }
    }
  }

  private void fail(Route route, Candidate candidate, Failure assumed) {
    route.failed(
        new Step.Tried(candidate, assumed, Traces.NONE, false), Optional.empty(), now, now);
  }

  private static Stop stop(Route route, Candidate candidate, Plan plan) {
    return new Stop(
        candidate, route.way(candidate).map(Way::runtime), plan, Optional.empty(), false);
  }

  private static Stop at(Stop stop, Cooldown cooldown, Optional<Instant> until) {
    var rest = new Rest(cooldown.id(), cooldown.failure(), until);
    return new Stop(stop.candidate(), stop.runtime(), stop.plan(), Optional.of(rest), false);
  }

  private static Stop asLastResort(Stop skipped) {
    return new Stop(skipped.candidate(), skipped.runtime(), skipped.plan(), skipped.rest(), true);
  }

  private static List<Stop> all(Route route, Map<Candidate, Stop> stops, Failure assumed) {
    var own = route.chainAfter(assumed.reason());
    for (var candidate : own.isEmpty() ? route.chain : own) {
      stops.computeIfAbsent(candidate, unreached -> stop(route, unreached, Plan.NOT_REACHED));
    }
    return List.copyOf(stops.values());
  }

  /** Of a turn that asks somebody nobody knows the end before. */
  private static Optional<End> end(Route route, Map<Candidate, Stop> stops, Failure failure) {
    boolean nobody = stops.values().stream().noneMatch(RouteExplainer::isAsked);
    return nobody ? Optional.of(new End(failure, route.attempts())) : Optional.empty();
  }

  private static boolean isAsked(Stop stop) {
    return stop.plan() == Plan.ASK || stop.plan() == Plan.PROBE || stop.lastResort();
  }
}
