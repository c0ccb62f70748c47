package dev.turnout.routing;

import dev.turnout.cooldown.Standing;
import dev.turnout.decision.Decision;
import dev.turnout.decision.Decision.Choice;
import dev.turnout.decision.Decision.Ending;
import dev.turnout.failure.Failure;
import dev.turnout.failure.SignalFacts;
import dev.turnout.turn.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes down what is decided on the way of one turn; for the thread that routes it. */
final class Trail {
  private final List<Decision> steps = new ArrayList<>();

  /** This was decided. Until more is known of an attempt, it counts as broken off. */
  void decided(FallbackDecision decision, Optional<String> runtime, Instant now) {
    switch (decision) {
      case FallbackDecision.Try(var candidate) ->
          asked(wasSkipped(candidate) ? Choice.LAST_RESORT : Choice.ASKED, candidate, runtime, now);
      case FallbackDecision.Probe(var candidate, var standing) -> {
        asked(Choice.PROBED, candidate, runtime, now);
        rested(standing);
      }
      case FallbackDecision.RetrySame(var candidate, _, _) ->
          asked(Choice.RETRIED, candidate, runtime, now);
      case FallbackDecision.StartAfresh(var candidate) ->
          asked(Choice.STARTED_AFRESH, candidate, runtime, now);
      case FallbackDecision.Skip(var candidate, _) ->
          asked(Choice.SKIPPED, candidate, runtime, now);
      case FallbackDecision.Bar(var candidate, _) -> asked(Choice.BARRED, candidate, runtime, now);
      case FallbackDecision.GiveUp(var failure) -> givenUp(failure, now);
    }
  }

  private boolean wasSkipped(Candidate candidate) {
    return steps.stream()
        .anyMatch(
            step ->
                step.choice() == Choice.SKIPPED && step.candidate().equals(Optional.of(candidate)));
  }

  private void asked(Choice choice, Candidate candidate, Optional<String> runtime, Instant now) {
    add(
        new Decision(
            now,
            choice,
            Optional.of(candidate),
            runtime,
            Optional.of(Ending.ABORTED),
            Optional.empty(),
            Duration.ZERO,
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private void givenUp(Failure failure, Instant now) {
    add(
        new Decision(
            now,
            Choice.GIVEN_UP,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(failure),
            Duration.ZERO,
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private void add(Decision step) {
    if (!steps.isEmpty()) {
      steps.set(steps.size() - 1, steps.getLast().followedBy(step));
    }
    steps.add(step);
  }

  private void rested(Standing.ToProbe standing) {
    var first = standing.cooldowns().getFirst();
    var last = steps.getLast();
    replaceLast(
        last.choice(),
        last.outcome(),
        Optional.empty(),
        Duration.ZERO,
        first.until().map(until -> new Decision.Rest(first.id(), until)),
        Optional.empty());
  }

  /** It was not asked, whatever had been decided: somebody else may have been faster. */
  void skipped(Standing.Resting resting, Failure failure) {
    replaceLast(
        Choice.SKIPPED,
        Optional.empty(),
        Optional.of(failure),
        Duration.ZERO,
        Optional.of(new Decision.Rest(resting.cooldown().id(), resting.until())),
        Optional.empty());
  }

  /** It was not asked, because the operator lets nobody ask it. */
  void barred(Failure why) {
    replaceLast(
        Choice.BARRED,
        Optional.empty(),
        Optional.of(why),
        Duration.ZERO,
        Optional.empty(),
        Optional.empty());
  }

  void answered(Instant now) {
    ended(Ending.ANSWERED, Optional.empty(), Optional.empty(), now);
  }

  /**
   * It failed.
   *
   * @param facts what was seen; empty where nobody was really asked, as in a drill
   */
  void failed(Failure failure, Optional<SignalFacts> facts, Instant now) {
    ended(Ending.FAILED, Optional.of(failure), facts, now);
  }

  void aborted(Instant now) {
    ended(Ending.ABORTED, Optional.empty(), Optional.empty(), now);
  }

  private void ended(
      Ending ending, Optional<Failure> failure, Optional<SignalFacts> facts, Instant now) {
    var last = steps.getLast();
    replaceLast(
        last.choice(),
        Optional.of(ending),
        failure,
        Duration.between(last.at(), now),
        last.rest(),
        facts);
  }

  private void replaceLast(
      Choice choice,
      Optional<Ending> ending,
      Optional<Failure> failure,
      Duration took,
      Optional<Decision.Rest> rest,
      Optional<SignalFacts> facts) {
    var last = steps.removeLast();
    steps.add(
        new Decision(
            last.at(),
            choice,
            last.candidate(),
            last.runtime(),
            ending,
            failure,
            took,
            rest,
            facts,
            Optional.empty()));
  }

  /**
   * What is worth keeping: nothing of a turn whose first candidate was asked and neither failed nor
   * was replaced. Its own row and its last event say all of it.
   */
  List<Decision> worthKeeping() {
    boolean plain =
        steps.isEmpty()
            || (steps.size() == 1
                && steps.getFirst().choice() == Choice.ASKED
                && steps.getFirst().failure().isEmpty());
    return plain ? List.of() : List.copyOf(steps);
  }
}
