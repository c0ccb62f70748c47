package dev.turnout.routing;

import dev.turnout.cooldown.CooldownSnapshot;
import dev.turnout.cooldown.Standing;
import dev.turnout.cooldown.Way;
import dev.turnout.events.TurnEvent;
import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.routing.Situation.Standings;
import dev.turnout.routing.Situation.Step;
import dev.turnout.settings.AgentFallback;
import dev.turnout.turn.Attempt;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.LiveUse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What one turn has come through so far; for the thread that routes it. */
final class Route {
  final RouteRequest request;
  final List<Candidate> chain;
  final Trail trail = new Trail();
  private final Chains chains;
  private final Map<Candidate, AuthProfileId> kept;
  private final List<Attempt> attempts = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private Duration waited = Duration.ZERO;

  /**
   * The beginning of a route.
   *
   * @param kept which credentials answered the session last, by {@link ProfileOrders#place}
   */
  Route(RouteRequest request, Map<Candidate, AuthProfileId> kept) {
    this.request = request;
    this.chains =
        Chains.of(
            request.agent(),
            request.choice(),
            new ProfileOrders(request.run().session(), request.settings(), kept));
    this.chain = chains.general();
    this.kept = kept;
  }

  Situation situation(CooldownSnapshot cooldowns, double jitter, Instant now) {
    return new Situation(
        chains,
        voidable(request.agent().fallback()),
        steps,
        standings(cooldowns),
        request.agent().fallback().limits(request.settings().fallback()),
        waited,
        jitter,
        now);
  }

  private static Traces voidable(AgentFallback fallback) {
    if (fallback.restartAfterTools()) {
      return Traces.TOOLS;
    }
    return fallback.restartAfterOutput() ? Traces.OUTPUT : Traces.NONE;
  }

  private Standings standings(CooldownSnapshot cooldowns) {
    return new Standings() {
      @Override
      public Standing of(Candidate candidate, Instant at) {
        return way(candidate).map(way -> cooldowns.standing(way, at)).orElseGet(Standing.Free::new);
      }

      @Override
      public Optional<Failure> barred(Candidate candidate) {
        return Permission.disabled(request.settings(), candidate);
      }
    };
  }

  /** Whether some link of it has several credentials, so that it matters who answered last. */
  static boolean hasChoiceOfProfiles(RouteRequest request) {
    var fallback = request.agent().fallback();
    return Stream.of(
            request.agent().linksFor(request.choice()),
            fallback.contextOverflow(),
            fallback.contentPolicy())
        .flatMap(List::stream)
        .anyMatch(link -> link.authProfiles().size() > 1);
  }

  /** Who comes next after this kind of failure, where somebody in particular does. */
  List<Candidate> chainAfter(FailureReason reason) {
    return chains.own(reason);
  }

  /** Whether this candidate was to go on with a conversation a moment ago and did not know it. */
  boolean hasJustLost(Candidate candidate) {
    return !steps.isEmpty()
        && steps.getLast() instanceof Step.Tried tried
        && tried.candidate().equals(candidate)
        && tried.failure().reason() == FailureReason.SESSION_LOST;
  }

  /** Why the newest attempt failed. */
  FailureReason lastReason() {
    return steps.getLast().failure().reason();
  }

  /** Whether it is news that this candidate answered, and with that credential. */
  boolean isNewProfile(Candidate candidate) {
    boolean oneOfSeveral =
        Stream.of(chains.general(), chains.contextOverflow(), chains.contentPolicy())
            .anyMatch(these -> these.stream().filter(c -> isBeside(c, candidate)).count() > 1);
    return oneOfSeveral
        && !candidate
            .authProfile()
            .equals(Optional.ofNullable(kept.get(ProfileOrders.place(candidate))));
  }

  private static boolean isBeside(Candidate one, Candidate other) {
    return ProfileOrders.place(one).equals(ProfileOrders.place(other));
  }

  /** As cooldowns see it; empty when its backend is not there, which is told by trying it. */
  Optional<Way> way(Candidate candidate) {
    return Ways.of(request.settings(), candidate, request.lane());
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
            false,
            false));
  }

  /** Who served the newest attempt. */
  void servedBy(Optional<LiveUse> process) {
    attempts.set(attempts.size() - 1, attempts.getLast().servedBy(process));
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
            false,
            false));
  }

  /** Somebody is about to begin anew: what the last attempt said, if anything, is void. */
  Optional<TurnEvent.Restarted> restart() {
    if (steps.isEmpty() || attempts.isEmpty()) {
      return Optional.empty();
    }
    int last = lastTried();
    if (last < 0
        || attempts.get(last).voided()
        || !(steps.get(last) instanceof Step.Tried tried)
        || tried.traces() == Traces.NONE) {
      return Optional.empty();
    }
    attempts.set(last, attempts.get(last).madeVoid());
    return Optional.of(
        new TurnEvent.Restarted(
            tried.candidate(), tried.failure().reason(), tried.traces() == Traces.TOOLS));
  }

  /** Steps and attempts go side by side until one answers. */
  private int lastTried() {
    for (int i = steps.size() - 1; i >= 0; i--) {
      if (steps.get(i) instanceof Step.Tried) {
        return i;
      }
    }
    return -1;
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
    notAsked(candidate, failure, now);
    return failure;
  }

  /** The operator lets nobody ask it. */
  void barred(Candidate candidate, Failure why, Instant now) {
    steps.add(new Step.Barred(candidate, why));
    notAsked(candidate, why, now);
  }

  private void notAsked(Candidate candidate, Failure failure, Instant now) {
    attempts.add(
        new Attempt(
            candidate,
            way(candidate).map(Way::runtime),
            now,
            Duration.ZERO,
            Optional.of(failure),
            true,
            false));
  }

  List<Attempt> attempts() {
    return List.copyOf(attempts);
  }
}
