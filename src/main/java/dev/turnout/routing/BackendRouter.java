package dev.turnout.routing;

import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.Backend;
import dev.turnout.backend.Backends;
import dev.turnout.cooldown.Cooldowns;
import dev.turnout.cooldown.Standing;
import dev.turnout.decision.DecisionLog;
import dev.turnout.drill.FaultDrills;
import dev.turnout.events.TurnEvent;
import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureClassifier;
import dev.turnout.failure.FailureReason;
import dev.turnout.failure.FailureSignal;
import dev.turnout.failure.SignalFacts;
import dev.turnout.routing.Situation.Step;
import dev.turnout.session.BackendMemories;
import dev.turnout.session.BackendMemory;
import dev.turnout.settings.BackendSettings;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.Exchange;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.StoreUnavailable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The one way to a backend. First turns, follow-ups, delayed turns, interrupting turns and runs
 * that are repeated after a crash all come here with the same request, so that none of them can
 * take another runtime, another credential or another account than the rest.
 */
@ApplicationScoped
public class BackendRouter {
  private static final Logger LOG = System.getLogger(BackendRouter.class.getName());

  /** When a candidate that somebody else is finding out about may be known: a guess. */
  private static final Duration PROBED_ELSEWHERE = Duration.ofSeconds(30);

  private final Backends backends;
  private final BackendMemories memories;
  private final Cooldowns cooldowns;
  private final DecisionLog decisions;
  private final FaultDrills drills;
  private final Clock clock;
  private final FallbackPolicy policy = new FallbackPolicy();

  @Inject
  public BackendRouter(
      Backends backends,
      BackendMemories memories,
      Cooldowns cooldowns,
      DecisionLog decisions,
      FaultDrills drills,
      Clock clock) {
    this.backends = backends;
    this.memories = memories;
    this.cooldowns = cooldowns;
    this.decisions = decisions;
    this.drills = drills;
    this.clock = clock;
  }

  /** Asks candidates until one answers or none may be asked; the thread's interrupt ends it. */
  public TurnOutcome route(RouteRequest request, TurnEventSink events) {
    var route = new Route(request, keptProfiles(request));
    try {
      return walk(route, events);
    } finally {
      // Nobody interrupts here: the gate is shut between attempts and after the last one.
      var steps = route.trail.worthKeeping();
      if (!steps.isEmpty()) {
        decisions.keep(request.run(), request.agent().id(), request.lane(), steps);
      }
    }
  }

  /**
   * What would become of a turn that was routed now, by the same rules. Asks nobody, takes nobody's
   * turn to find out, counts and writes nothing.
   */
  public RouteExplanation explain(ExplainRequest request) {
    var asRoute = request.asRoute();
    var kept = keptProfiles(asRoute);
    return new RouteExplainer(policy, cooldowns.snapshot(), clock.instant())
        .explain(() -> new Route(asRoute, kept));
  }

  private TurnOutcome walk(Route route, TurnEventSink events) {
    var request = route.request;
    while (true) {
      var jitter = ThreadLocalRandom.current().nextDouble();
      var situation = route.situation(cooldowns.snapshot(), jitter, clock.instant());
      var decision = policy.next(situation);
      route.decided(decision, clock.instant());
      var end =
          switch (decision) {
            case FallbackDecision.Try(var candidate) ->
                attempt(route, candidate, true, Optional.empty(), events);
            case FallbackDecision.Probe(var candidate, var standing) ->
                probe(route, candidate, standing, events);
            case FallbackDecision.Skip(var candidate, var resting) -> {
              skip(route, candidate, resting, events);
              yield Optional.<TurnOutcome>empty();
            }
            case FallbackDecision.Bar(var candidate, var why) -> {
              route.barred(candidate, why, clock.instant());
              route.trail.barred(why);
              events.accept(skipped(candidate, why));
              yield Optional.<TurnOutcome>empty();
            }
            case FallbackDecision.StartAfresh(var candidate) -> {
              memories.forget(request.run().session(), candidate.backend());
              events.accept(new TurnEvent.AttemptRetried(candidate, FailureReason.SESSION_LOST, 0));
              yield attempt(route, candidate, false, Optional.empty(), events);
            }
            case FallbackDecision.RetrySame(var candidate, var after, var resuming) -> {
              events.accept(retried(route, candidate, after));
              yield pause(route, after)
                  ? attempt(route, candidate, resuming, Optional.empty(), events)
                  : Optional.<TurnOutcome>of(
                      new TurnOutcome.Aborted(route.attempts(), events.partial()));
            }
            case FallbackDecision.GiveUp(var failure) ->
                Optional.<TurnOutcome>of(
                    new TurnOutcome.Exhausted(failure, route.attempts(), events.partial()));
          };
      if (end.isPresent()) {
        return end.get();
      }
    }
  }

  /** A session was deleted: as {@link Backends#forget}. */
  public boolean forget(SessionId session) {
    return backends.forget(session);
  }

  /** A session was reset: what backends keep running of its old conversation ends. */
  public void beginAnew(SessionId session) {
    backends.beginAnew(session);
  }

  /** Asks one candidate for the sake of a cooldown, apart from all sessions. */
  public ProbeOutcome probe(ProbeRequest request) {
    return new CooldownProbe(backends, cooldowns, clock).run(request);
  }

  private void skip(
      Route route, Candidate candidate, Standing.Resting resting, TurnEventSink events) {
    cooldowns.skipped(resting.cooldown());
    var why = route.skipped(candidate, resting, clock.instant());
    route.trail.skipped(resting, why);
    events.accept(skipped(candidate, why));
  }

  private static TurnEvent skipped(Candidate candidate, Failure why) {
    return new TurnEvent.AttemptSkipped(candidate, why.reason(), why.rule(), why.retryAt());
  }

  private static TurnEvent retried(Route route, Candidate candidate, Duration after) {
    return new TurnEvent.AttemptRetried(candidate, route.lastReason(), after.toMillis());
  }

  /** Goes first, if nobody else in the fleet does; else the candidate still rests for us. */
  private Optional<TurnOutcome> probe(
      Route route, Candidate candidate, Standing.ToProbe standing, TurnEventSink events) {
    var hold = cooldowns.probe(standing);
    if (hold.isEmpty()) {
      var first = standing.cooldowns().getFirst();
      var elsewhere = new Standing.Resting(first, clock.instant().plus(PROBED_ELSEWHERE));
      skip(route, candidate, elsewhere, events);
      return Optional.empty();
    }
    try {
      return attempt(route, candidate, true, hold, events);
    } finally {
      cooldowns.release(hold.get());
    }
  }

  /** False when the turn was ended meanwhile. */
  private static boolean pause(Route route, Duration after) {
    var gate = route.request.gate();
    if (!gate.enter()) {
      return false;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(after.toNanos());
      route.waited(after);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      gate.leave();
    }
  }

  /** One attempt; answers the outcome when it decides the turn. */
  private Optional<TurnOutcome> attempt(
      Route route,
      Candidate candidate,
      boolean mayResume,
      Optional<Cooldowns.ProbeHold> hold,
      TurnEventSink events) {
    var request = route.request;
    var startedAt = clock.instant();
    var unusable = unusable(request, candidate, startedAt);
    if (unusable.isPresent()) {
      var tried = new Step.Tried(candidate, unusable.get(), Traces.NONE, false);
      route.trail.failed(unusable.get(), Optional.empty(), clock.instant());
      route.failed(tried, Optional.empty(), startedAt, clock.instant());
      return Optional.empty();
    }
    var settings =
        request.agent().tools().over(request.settings().backend(candidate.backend()).orElseThrow());
    var backend = backends.open(settings);
    var runtime = backend.runtime().code();
    route.restart().ifPresent(events::accept);
    events.accept(new TurnEvent.AttemptStarted(candidate, runtime));
    var drilled = drills.hit(candidate, request.agent().id(), request.run());
    if (drilled.isPresent()) {
      var ordered = drilled.get().failure();
      boolean rests = drilled.get().cooldowns();
      var failure = rests ? rest(route, candidate, ordered, startedAt) : ordered;
      var tried = new Step.Tried(candidate, failure, Traces.NONE, false);
      failed(route, tried, Optional.empty(), runtime, startedAt, events);
      return Optional.empty();
    }
    var memory = mayResume ? recall(request, candidate) : Optional.<BackendMemory>empty();
    var history = ToldHistory.of(request, settings, memory);
    history.notice(route.hasJustLost(candidate)).ifPresent(events::accept);
    var sink =
        new AttemptSink(events, showsTools(settings), () -> hold.ifPresent(cooldowns::answered));
    var asked = attemptRequest(request, candidate, memory, history.told());
    var result = call(backend, asked, request.gate(), sink);
    switch (result) {
      case AttemptResult.Answered(var answer, var ref) -> {
        ref.ifPresent(id -> remember(request, candidate, id));
        route.trail.answered(clock.instant());
        route.way(candidate).ifPresent(way -> cooldowns.succeeded(way, startedAt));
        keepProfile(route, candidate);
        route.answered(candidate, runtime, startedAt, clock.instant());
        route.servedBy(sink.live());
        return Optional.of(new TurnOutcome.Answered(answer, route.attempts()));
      }
      case AttemptResult.Aborted() -> {
        route.trail.aborted(clock.instant());
        return Optional.of(new TurnOutcome.Aborted(route.attempts(), events.partial()));
      }
      case AttemptResult.Failed(var signal, var ref) -> {
        var facts = SignalFacts.of(signal);
        var judged = classifier(request).classify(facts, clock.instant());
        ref.ifPresent(id -> remember(request, candidate, id));
        var failure = rest(route, candidate, judged, startedAt);
        var tried = new Step.Tried(candidate, failure, sink.traces(), memory.isPresent());
        failed(route, tried, Optional.of(facts), runtime, startedAt, events);
        route.servedBy(sink.live());
        return Optional.empty();
      }
    }
  }

  /**
   * Lets rest what has to; who hears of the failure then hears when its candidate is asked again.
   */
  private Failure rest(Route route, Candidate candidate, Failure failure, Instant startedAt) {
    var way = route.way(candidate);
    way.ifPresent(w -> cooldowns.failed(w, failure, startedAt, route.request.settings().rests()));
    var now = clock.instant();
    return way.map(w -> cooldowns.snapshot().standing(w, now))
        .filter(Standing.Resting.class::isInstance)
        .map(Standing.Resting.class::cast)
        .filter(resting -> resting.cooldown().reason() == failure.reason())
        .map(resting -> failure.endingAt(resting.until()))
        .orElse(failure);
  }

  /** By the rules of the settings that the run keeps. */
  private static FailureClassifier classifier(RouteRequest request) {
    return new FailureClassifier(request.settings().rules());
  }

  private void failed(
      Route route,
      Step.Tried tried,
      Optional<SignalFacts> facts,
      String runtime,
      Instant startedAt,
      TurnEventSink events) {
    route.trail.failed(tried.failure(), facts, clock.instant());
    events.accept(new TurnEvent.AttemptFailed(tried.candidate(), tried.failure()));
    route.failed(tried, Optional.of(runtime), startedAt, clock.instant());
  }

  /** Fails closed: what is not configured, or not for this runtime, is never asked. */
  private Optional<Failure> unusable(RouteRequest request, Candidate candidate, Instant now) {
    var backend = request.settings().backend(candidate.backend());
    if (backend.isEmpty()) {
      var what = "backend " + candidate.backend() + " is not configured";
      return Optional.of(classifier(request).classify(new FailureSignal.ConfigMissing(what), now));
    }
    return Permission.otherRuntime(request.settings(), candidate);
  }

  /** Of any other command nobody knows what it did before it spoke. */
  private static boolean showsTools(BackendSettings settings) {
    return switch (settings) {
      case BackendSettings.Api _ -> true;
      case BackendSettings.Cli cli -> cli.dialect() != BackendSettings.CliDialect.COMMAND;
    };
  }

  private AttemptResult call(
      Backend backend, AttemptRequest attempt, AttemptGate gate, AttemptSink sink) {
    if (!gate.enter()) {
      return new AttemptResult.Aborted();
    }
    try {
      return sink.storable(backend.attempt(attempt, sink));
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a backend threw instead of answering: turn " + attempt.turn(), e);
      return AttemptResult.Failed.of(
          new FailureSignal.Unexpected("the adapter failed: " + e.getClass().getSimpleName()));
    } finally {
      gate.leave();
    }
  }

  private AttemptRequest attemptRequest(
      RouteRequest request,
      Candidate candidate,
      Optional<BackendMemory> memory,
      List<Exchange> history) {
    return new AttemptRequest(
        request.run().turn(),
        request.run().session(),
        candidate,
        request.prompt(),
        request.agent().systemPrompt(),
        history,
        memory.map(BackendMemory::ref),
        request.agent().workspace(),
        candidate.authProfile().flatMap(request.settings()::authProfile),
        request.outside());
  }

  private Optional<BackendMemory> recall(RouteRequest request, Candidate candidate) {
    return memories.recall(request.run().session(), candidate.backend());
  }

  private void remember(RouteRequest request, Candidate candidate, String ref) {
    try {
      memories.remember(
          request.run().session(), candidate.backend(), new BackendMemory(ref, request.seq()));
    } catch (StoreUnavailable e) {
      // The answer is worth more: without the memory the next turn tells more of the history.
      LOG.log(Level.WARNING, "turn {0}: {1}", request.run().turn(), e.getMessage());
    }
  }

  /** A preference: without the database the order of the configuration holds. */
  private Map<Candidate, AuthProfileId> keptProfiles(RouteRequest request) {
    if (!Route.hasChoiceOfProfiles(request)) {
      return Map.of();
    }
    try {
      return memories.profiles(request.run().session());
    } catch (StoreUnavailable e) {
      LOG.log(Level.WARNING, "turn {0}: {1}", request.run().turn(), e.getMessage());
      return Map.of();
    }
  }

  private void keepProfile(Route route, Candidate candidate) {
    if (!route.isNewProfile(candidate)) {
      return;
    }
    try {
      memories.keepProfile(route.request.run().session(), candidate, route.request.seq());
    } catch (StoreUnavailable e) {
      LOG.log(Level.WARNING, "turn {0}: {1}", route.request.run().turn(), e.getMessage());
    }
  }
}
