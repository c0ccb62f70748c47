package dev.turnout.routing;

import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.Backend;
import dev.turnout.backend.BackendEvent;
import dev.turnout.backend.Backends;
import dev.turnout.backend.EventSink;
import dev.turnout.cooldown.Cooldowns;
import dev.turnout.cooldown.Standing;
import dev.turnout.events.TurnEvent;
import dev.turnout.failure.FailureClassifier;
import dev.turnout.failure.FailureSignal;
import dev.turnout.routing.Situation.Step;
import dev.turnout.session.BackendMemories;
import dev.turnout.session.BackendMemory;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.StoreUnavailable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

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
  private final Clock clock;
  private final FallbackPolicy policy = new FallbackPolicy();

  @Inject
  public BackendRouter(
      Backends backends, BackendMemories memories, Cooldowns cooldowns, Clock clock) {
    this.backends = backends;
    this.memories = memories;
    this.cooldowns = cooldowns;
    this.clock = clock;
  }

  /** Asks candidates until one answers or none may be asked; the thread's interrupt ends it. */
  public TurnOutcome route(RouteRequest request, TurnEventSink events) {
    var route = new Route(request);
    while (true) {
      var jitter = ThreadLocalRandom.current().nextDouble();
      var situation = route.situation(cooldowns.snapshot(), jitter, clock.instant());
      var end =
          switch (policy.next(situation)) {
            case FallbackDecision.Try(var candidate) ->
                attempt(route, candidate, true, Optional.empty(), events);
            case FallbackDecision.Probe(var candidate, var standing) ->
                probe(route, candidate, standing, events);
            case FallbackDecision.Skip(var candidate, var resting) -> {
              skip(route, candidate, resting);
              yield Optional.<TurnOutcome>empty();
            }
            case FallbackDecision.StartAfresh(var candidate) -> {
              memories.forget(request.run().session(), candidate.backend());
              yield attempt(route, candidate, false, Optional.empty(), events);
            }
            case FallbackDecision.RetrySame(var candidate, var after) ->
                pause(route, after)
                    ? attempt(route, candidate, true, Optional.empty(), events)
                    : Optional.<TurnOutcome>of(
                        new TurnOutcome.Aborted(route.attempts(), events.partial()));
            case FallbackDecision.GiveUp(var failure) ->
                Optional.<TurnOutcome>of(
                    new TurnOutcome.Exhausted(failure, route.attempts(), events.partial()));
          };
      if (end.isPresent()) {
        return end.get();
      }
    }
  }

  /** A session was deleted: what backends kept of it on this machine goes. */
  public void forget(SessionId session) {
    backends.forget(session);
  }

  /** Asks one candidate for the sake of a cooldown, apart from all sessions. */
  public ProbeOutcome probe(ProbeRequest request) {
    return new CooldownProbe(backends, cooldowns, clock).run(request);
  }

  private void skip(Route route, Candidate candidate, Standing.Resting resting) {
    cooldowns.skipped(resting.cooldown());
    route.skipped(candidate, resting, clock.instant());
  }

  /** Goes first, if nobody else in the fleet does; else the candidate still rests for us. */
  private Optional<TurnOutcome> probe(
      Route route, Candidate candidate, Standing.ToProbe standing, TurnEventSink events) {
    var hold = cooldowns.probe(standing);
    if (hold.isEmpty()) {
      var first = standing.cooldowns().getFirst();
      skip(route, candidate, new Standing.Resting(first, clock.instant().plus(PROBED_ELSEWHERE)));
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
    var classifier = new FailureClassifier(request.settings().rules());
    var startedAt = clock.instant();
    var settings = request.settings().backend(candidate.backend());
    if (settings.isEmpty()) {
      var what = "backend " + candidate.backend() + " is not configured";
      var missing = classifier.classify(new FailureSignal.ConfigMissing(what), startedAt);
      var tried = new Step.Tried(candidate, missing, false, false);
      route.failed(tried, Optional.empty(), startedAt, clock.instant());
      return Optional.empty();
    }
    var backend = backends.open(settings.get());
    var runtime = backend.runtime().code();
    var memory = mayResume ? recall(request, candidate) : Optional.<BackendMemory>empty();
    events.accept(new TurnEvent.AttemptStarted(candidate, runtime));
    int effectsBefore = events.effects();
    var attempt = attemptRequest(request, candidate, memory);
    var result = call(backend, attempt, request.gate(), sink(hold, events));
    var way = route.way(candidate);
    switch (result) {
      case AttemptResult.Answered(var answer, var ref) -> {
        ref.ifPresent(id -> remember(request, candidate, id));
        way.ifPresent(taken -> cooldowns.succeeded(taken, startedAt));
        route.answered(candidate, runtime, startedAt, clock.instant());
        return Optional.of(new TurnOutcome.Answered(answer, route.attempts()));
      }
      case AttemptResult.Aborted() -> {
        return Optional.of(new TurnOutcome.Aborted(route.attempts(), events.partial()));
      }
      case AttemptResult.Failed(var signal, var ref) -> {
        var failure = classifier.classify(signal, clock.instant());
        ref.ifPresent(id -> remember(request, candidate, id));
        way.ifPresent(
            taken -> cooldowns.failed(taken, failure, startedAt, request.settings().rests()));
        events.accept(new TurnEvent.AttemptFailed(candidate, failure));
        boolean effects = events.effects() > effectsBefore;
        var tried = new Step.Tried(candidate, failure, effects, memory.isPresent());
        route.failed(tried, Optional.of(runtime), startedAt, clock.instant());
        return Optional.empty();
      }
    }
  }

  /** Once the one that goes first is answered at all, the others need not wait for its end. */
  private EventSink sink(Optional<Cooldowns.ProbeHold> hold, TurnEventSink events) {
    var told = new AtomicBoolean(hold.isEmpty());
    return event -> {
      var said = translate(event);
      if (said.isEffect() && !told.getAndSet(true)) {
        hold.ifPresent(cooldowns::answered);
      }
      events.accept(said);
    };
  }

  private AttemptResult call(
      Backend backend, AttemptRequest attempt, AttemptGate gate, EventSink events) {
    if (!gate.enter()) {
      return new AttemptResult.Aborted();
    }
    try {
      return backend.attempt(attempt, events);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a backend threw instead of answering: turn " + attempt.turn(), e);
      return AttemptResult.Failed.of(
          new FailureSignal.Unexpected("the adapter failed: " + e.getClass().getSimpleName()));
    } finally {
      gate.leave();
    }
  }

  private AttemptRequest attemptRequest(
      RouteRequest request, Candidate candidate, Optional<BackendMemory> memory) {
    long known = memory.map(BackendMemory::knownSeq).orElse(0L);
    return new AttemptRequest(
        request.run().turn(),
        request.run().session(),
        candidate,
        request.input(),
        request.agent().systemPrompt(),
        // Most often it knows all, and a query is saved.
        known >= request.seq() - 1 ? List.of() : request.historySince().apply(known),
        memory.map(BackendMemory::ref),
        request.agent().workspace(),
        candidate.authProfile().flatMap(request.settings()::authProfile));
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

  private static TurnEvent translate(BackendEvent event) {
    return switch (event) {
      case BackendEvent.Output(var text) -> new TurnEvent.Output(text);
      case BackendEvent.ToolStarted(var id, var name, var input) ->
          new TurnEvent.ToolStarted(id, name, input);
      case BackendEvent.ToolEnded(var id, var failed, var output) ->
          new TurnEvent.ToolEnded(id, failed, output);
      case BackendEvent.Notice(var text) -> new TurnEvent.Notice(text);
    };
  }
}
