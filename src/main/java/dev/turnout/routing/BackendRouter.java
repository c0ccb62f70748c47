package dev.turnout.routing;

import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.Backend;
import dev.turnout.backend.BackendEvent;
import dev.turnout.backend.Backends;
import dev.turnout.events.TurnEvent;
import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureClassifier;
import dev.turnout.failure.FailureSignal;
import dev.turnout.session.BackendMemories;
import dev.turnout.session.BackendMemory;
import dev.turnout.turn.Attempt;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.StoreUnavailable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one way to a backend. First turns, follow-ups, delayed turns, interrupting turns and runs
 * that are repeated after a crash all come here with the same request, so that none of them can
 * take another runtime, another credential or another account than the rest.
 */
@ApplicationScoped
public class BackendRouter {
  private static final Logger LOG = System.getLogger(BackendRouter.class.getName());

  private final Backends backends;
  private final BackendMemories memories;
  private final Clock clock;
  private final FallbackPolicy policy = new FallbackPolicy();
  private final FailureClassifier classifier;

  @Inject
  public BackendRouter(Backends backends, BackendMemories memories, Clock clock) {
    this.backends = backends;
    this.memories = memories;
    this.clock = clock;
    this.classifier = new FailureClassifier();
  }

  /** Asks candidates until one answers or none may be asked; the thread's interrupt ends it. */
  public TurnOutcome route(RouteRequest request, TurnEventSink events) {
    var chain = chain(request);
    var tried = new ArrayList<FallbackPolicy.Tried>();
    var attempts = new ArrayList<Attempt>();
    while (true) {
      switch (policy.next(chain, tried)) {
        case FallbackDecision.Try(var candidate) -> {
          var end = attempt(request, candidate, true, events, attempts, tried);
          if (end.isPresent()) {
            return end.get();
          }
        }
        case FallbackDecision.StartAfresh(var candidate) -> {
          memories.forget(request.run().session(), candidate.backend());
          var end = attempt(request, candidate, false, events, attempts, tried);
          if (end.isPresent()) {
            return end.get();
          }
        }
        case FallbackDecision.GiveUp(var failure) -> {
          return new TurnOutcome.Exhausted(failure, List.copyOf(attempts), events.partial());
        }
      }
    }
  }

  /** A session was deleted: what backends kept of it on this machine goes. */
  public void forget(SessionId session) {
    backends.forget(session);
  }

  /** A caller who names a model gets it from the agent's first backend, and nothing else. */
  private static List<Candidate> chain(RouteRequest request) {
    return request
        .model()
        .map(
            model -> {
              var first = request.agent().chain().getFirst();
              return List.of(
                  new Candidate(first.backend(), Optional.of(model), first.authProfile()));
            })
        .orElse(request.agent().chain());
  }

  /** One attempt; answers the outcome when it decides the turn. */
  private Optional<TurnOutcome> attempt(
      RouteRequest request,
      Candidate candidate,
      boolean mayResume,
      TurnEventSink events,
      List<Attempt> attempts,
      List<FallbackPolicy.Tried> tried) {
    var startedAt = clock.instant();
    var settings = request.settings().backend(candidate.backend());
    if (settings.isEmpty()) {
      var missing =
          classifier.classify(
              new FailureSignal.ConfigMissing(
                  "backend " + candidate.backend() + " is not configured"),
              startedAt);
      attempts.add(failed(candidate, Optional.empty(), startedAt, missing));
      tried.add(new FallbackPolicy.Tried(candidate, missing, false, false));
      return Optional.empty();
    }
    var backend = backends.open(settings.get());
    var runtime = backend.runtime().code();
    var memory = mayResume ? recall(request, candidate) : Optional.<BackendMemory>empty();
    events.accept(new TurnEvent.AttemptStarted(candidate, runtime));
    int effectsBefore = events.effects();
    var attempt = attemptRequest(request, candidate, memory);
    var result = call(backend, attempt, request.gate(), events);
    switch (result) {
      case AttemptResult.Answered(var answer, var ref) -> {
        ref.ifPresent(id -> remember(request, candidate, id));
        attempts.add(
            new Attempt(
                candidate, Optional.of(runtime), startedAt, since(startedAt), Optional.empty()));
        return Optional.of(new TurnOutcome.Answered(answer, List.copyOf(attempts)));
      }
      case AttemptResult.Aborted() -> {
        return Optional.of(new TurnOutcome.Aborted(List.copyOf(attempts), events.partial()));
      }
      case AttemptResult.Failed(var signal, var ref) -> {
        var failure = classifier.classify(signal, clock.instant());
        ref.ifPresent(id -> remember(request, candidate, id));
        events.accept(new TurnEvent.AttemptFailed(candidate, failure));
        attempts.add(failed(candidate, Optional.of(runtime), startedAt, failure));
        tried.add(
            new FallbackPolicy.Tried(
                candidate, failure, events.effects() > effectsBefore, memory.isPresent()));
        return Optional.empty();
      }
    }
  }

  private AttemptResult call(
      Backend backend, AttemptRequest attempt, AttemptGate gate, TurnEventSink events) {
    if (!gate.enter()) {
      return new AttemptResult.Aborted();
    }
    try {
      return backend.attempt(attempt, event -> events.accept(translate(event)));
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
        request.agent().workspace());
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

  private Attempt failed(
      Candidate candidate, Optional<String> runtime, java.time.Instant startedAt, Failure failure) {
    return new Attempt(candidate, runtime, startedAt, since(startedAt), Optional.of(failure));
  }

  private Duration since(java.time.Instant startedAt) {
    return Duration.between(startedAt, clock.instant());
  }
}
