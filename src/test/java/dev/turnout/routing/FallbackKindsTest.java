package dev.turnout.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.turnout.cooldown.Standing;
import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.routing.Situation.Standings;
import dev.turnout.routing.Situation.Step;
import dev.turnout.settings.FallbackSettings;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Chains for kinds of failures, answers begun anew, and candidates that nobody may ask. */
class FallbackKindsTest {
  private static final Candidate FIRST = candidate("first");
  private static final Candidate SECOND = candidate("second");
  private static final Candidate LONG = candidate("long");
  private static final Candidate LONGER = candidate("longer");
  private static final Candidate FRANK = candidate("frank");
  private static final Chains KINDS =
      new Chains(List.of(FIRST, SECOND), List.of(LONG, LONGER), List.of(FRANK, LONG), Set.of());
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static Candidate candidate(String backend) {
    return new Candidate(new BackendId(backend), Optional.empty(), Optional.empty());
  }

  private static Step tried(Candidate candidate, FailureReason reason, Traces traces) {
    return new Step.Tried(candidate, Failure.of(reason, "rule", "text"), traces, false);
  }

  private static Step tried(Candidate candidate, FailureReason reason) {
    return tried(candidate, reason, Traces.NONE);
  }

  private static FallbackDecision next(Chains chains, Traces voidable, Step... steps) {
    return next(chains, voidable, (_, _) -> new Standing.Free(), steps);
  }

  private static FallbackDecision next(
      Chains chains, Traces voidable, Standings standings, Step... steps) {
    return new FallbackPolicy()
        .next(
            new Situation(
                chains,
                voidable,
                List.of(steps),
                standings,
                new FallbackSettings(10, Duration.ZERO),
                Duration.ZERO,
                0,
                NOW));
  }

  @ParameterizedTest
  @CsvSource({
    "CONTEXT_OVERFLOW, long",
    "REQUEST_TOO_LARGE, long",
    "CONTENT_POLICY, frank",
    "REFUSAL, frank",
    "BILLING, second"
  })
  void eachKindOfFailureHasItsOwnNext(FailureReason reason, String next) {
    assertEquals(
        new FallbackDecision.Try(candidate(next)), next(KINDS, Traces.NONE, tried(FIRST, reason)));
  }

  @ParameterizedTest
  @EnumSource(
      value = FailureReason.class,
      names = {"CONTEXT_OVERFLOW", "CONTENT_POLICY"})
  void withoutAChainOfItsKindTheGeneralOneGoesOn(FailureReason reason) {
    var general = new Chains(List.of(FIRST, SECOND), List.of(), List.of(), Set.of());

    assertEquals(
        new FallbackDecision.Try(SECOND), next(general, Traces.NONE, tried(FIRST, reason)));
  }

  @Test
  void otherFailuresStayInTheChainOfTheKindAndItsEndIsTheEnd() {
    var overflow = tried(FIRST, FailureReason.CONTEXT_OVERFLOW);
    var unpaid = tried(LONG, FailureReason.BILLING);
    assertEquals(new FallbackDecision.Try(LONGER), next(KINDS, Traces.NONE, overflow, unpaid));

    var end = next(KINDS, Traces.NONE, overflow, unpaid, tried(LONGER, FailureReason.NETWORK));
    assertEquals(
        FailureReason.NETWORK,
        assertInstanceOf(FallbackDecision.GiveUp.class, end).failure().reason());
  }

  @Test
  void aFailureOfAnotherKindChangesTheChainAndNobodyIsAskedTwice() {
    var overflow = tried(FIRST, FailureReason.CONTEXT_OVERFLOW);
    var refused = tried(LONG, FailureReason.REFUSAL);
    assertEquals(new FallbackDecision.Try(FRANK), next(KINDS, Traces.NONE, overflow, refused));

    assertInstanceOf(
        FallbackDecision.GiveUp.class,
        next(KINDS, Traces.NONE, overflow, refused, tried(FRANK, FailureReason.REFUSAL)));
  }

  /** Each row: what the operator allows to be void, what was left behind, who is next. */
  @ParameterizedTest
  @CsvSource({
    "NONE, NONE, true",
    "NONE, OUTPUT, false",
    "NONE, TOOLS, false",
    "OUTPUT, OUTPUT, true",
    "OUTPUT, TOOLS, false",
    "TOOLS, OUTPUT, true",
    "TOOLS, TOOLS, true"
  })
  void somebodyBeginsAnewOnlyAfterWhatMayBecomeVoid(Traces voidable, Traces left, boolean goesOn) {
    var decision = next(KINDS, voidable, tried(FIRST, FailureReason.NETWORK, left));

    assertEquals(goesOn, decision instanceof FallbackDecision.Try, decision::toString);
  }

  @Test
  void whatIsFinalStaysFinalWhateverMayBecomeVoid() {
    assertInstanceOf(
        FallbackDecision.GiveUp.class,
        next(KINDS, Traces.TOOLS, tried(FIRST, FailureReason.SPAWN_FAILED, Traces.OUTPUT)));
  }

  @Test
  void aBarredCandidateIsNotAskedNotEvenAsALastResort() {
    var why = Failure.of(FailureReason.BACKEND_CONFIG_MISSING, "config.profile_disabled", "off");
    var standings =
        new Standings() {
          @Override
          public Standing of(Candidate candidate, Instant at) {
            return new Standing.Free();
          }

          @Override
          public Optional<Failure> barred(Candidate candidate) {
            return candidate.equals(FIRST) ? Optional.of(why) : Optional.empty();
          }
        };
    var chains = new Chains(List.of(FIRST, SECOND), List.of(), List.of(), Set.of(FIRST));
    var barred = new Step.Barred(FIRST, why);

    assertEquals(new FallbackDecision.Bar(FIRST, why), next(chains, Traces.NONE, standings));
    assertEquals(new FallbackDecision.Try(SECOND), next(chains, Traces.NONE, standings, barred));
    var end =
        next(
            chains,
            Traces.NONE,
            standings,
            barred,
            new Step.Skipped(SECOND, Failure.of(FailureReason.BILLING, "rule", "text")));
    assertEquals(
        FailureReason.BILLING,
        assertInstanceOf(FallbackDecision.GiveUp.class, end).failure().reason());
  }
}
