package dev.turnout.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.cooldown.Cooldown;
import dev.turnout.cooldown.CooldownKey;
import dev.turnout.cooldown.CooldownScope;
import dev.turnout.cooldown.Standing;
import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.routing.Situation.Standings;
import dev.turnout.routing.Situation.Step;
import dev.turnout.routing.Situation.Step.Tried;
import dev.turnout.settings.FallbackSettings;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FallbackPolicyTest {
  private static final Candidate FIRST = candidate("first");
  private static final Candidate SECOND = candidate("second");
  private static final List<Candidate> CHAIN = List.of(FIRST, SECOND);
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Standings FREE = (_, _) -> new Standing.Free();
  private static final Standings ALL_REST = (_, _) -> resting();
  private static final FallbackSettings BUDGET = new FallbackSettings(10, Duration.ofSeconds(5));

  private final FallbackPolicy policy = new FallbackPolicy();

  private static Candidate candidate(String backend) {
    return new Candidate(new BackendId(backend), Optional.empty(), Optional.empty());
  }

  private static Standing resting() {
    var key = new CooldownKey(CooldownScope.PAYMENT, "profile", "", "api", "", "user");
    var until = NOW.plusSeconds(600);
    return new Standing.Resting(
        new Cooldown(
            new UUID(0, 1),
            key,
            Failure.of(FailureReason.BILLING, "rule", "text"),
            1,
            1,
            NOW,
            NOW,
            Optional.of(NOW),
            Optional.of(until),
            true,
            Optional.empty(),
            0),
        until);
  }

  private static Tried tried(Candidate candidate, FailureReason reason) {
    return new Tried(candidate, Failure.of(reason, "rule", "text"), Traces.NONE, false);
  }

  @Test
  void theFirstCandidateIsAskedFirst() {
    assertEquals(new FallbackDecision.Try(FIRST), next(CHAIN, List.of()));
  }

  @ParameterizedTest
  @EnumSource(
      value = FailureReason.class,
      names = {"BILLING", "RATE_LIMIT", "OVERLOADED", "NETWORK", "TIMEOUT_IDLE", "AUTH_INVALID"})
  void theNextCandidateIsAskedWhenTheProviderFailed(FailureReason reason) {
    assertEquals(new FallbackDecision.Try(SECOND), next(CHAIN, List.of(tried(FIRST, reason))));
  }

  @ParameterizedTest
  @EnumSource(
      value = FailureReason.class,
      names = {"BACKEND_CONFIG_MISSING", "SPAWN_FAILED"})
  void aConfiguredBackendThatIsMissingFailsClosed(FailureReason reason) {
    assertInstanceOf(FallbackDecision.GiveUp.class, next(CHAIN, List.of(tried(FIRST, reason))));
  }

  @ParameterizedTest
  @EnumSource(FailureReason.class)
  void nobodyElseIsAskedAfterAnEffect(FailureReason reason) {
    var acted = new Tried(FIRST, Failure.of(reason, "rule", "text"), Traces.OUTPUT, false);

    assertInstanceOf(FallbackDecision.GiveUp.class, next(CHAIN, List.of(acted)));
  }

  @Test
  void aLostConversationIsStartedAfreshOnceWithTheSameCandidate() {
    var lost =
        new Tried(FIRST, Failure.of(FailureReason.SESSION_LOST, "rule", "text"), Traces.NONE, true);
    assertEquals(new FallbackDecision.StartAfresh(FIRST), next(CHAIN, List.of(lost)));

    var again = List.of(lost, tried(FIRST, FailureReason.SESSION_LOST));
    assertEquals(new FallbackDecision.Try(SECOND), next(CHAIN, again));
  }

  @Test
  void aPassingFailureIsTriedAgainWithTheSameCandidateOnceAndAfterAPause() {
    var failed = tried(FIRST, FailureReason.OVERLOADED);
    var decision = next(List.of(failed), Set.of(), FREE, BUDGET);

    assertEquals(new FallbackDecision.RetrySame(FIRST, Duration.ofMillis(750), false), decision);
    assertEquals(
        new FallbackDecision.Try(SECOND), next(List.of(failed, failed), Set.of(), FREE, BUDGET));
  }

  @Test
  void theTimeThatTheProviderNamesIsTheLeastPause() {
    var limited = limited(NOW.plusSeconds(3));

    assertEquals(
        new FallbackDecision.RetrySame(FIRST, Duration.ofSeconds(3), false),
        next(List.of(limited), Set.of(), FREE, BUDGET));
  }

  @Test
  void aPauseBeyondTheBudgetIsNotMade() {
    assertEquals(
        new FallbackDecision.Try(SECOND),
        next(List.of(limited(NOW.plusSeconds(30))), Set.of(), FREE, BUDGET));
  }

  @Test
  void aCandidateThatRestsIsSkippedWithItsReason() {
    var skip = assertInstanceOf(FallbackDecision.Skip.class, next(List.of(), Set.of(), ALL_REST));

    assertEquals(FIRST, skip.candidate());
    assertEquals(FailureReason.BILLING, skip.standing().cooldown().reason());
  }

  @Test
  void whenAllRestTheTurnFailsWithTheirReasonAndTheSoonestTime() {
    var later = skipped(FIRST, FailureReason.BILLING, NOW.plusSeconds(600));
    var sooner = skipped(SECOND, FailureReason.RATE_LIMIT, NOW.plusSeconds(60));

    var end =
        assertInstanceOf(
            FallbackDecision.GiveUp.class, next(List.of(later, sooner), Set.of(), ALL_REST));

    assertEquals(FailureReason.BILLING, end.failure().reason());
    assertEquals(Optional.of(NOW.plusSeconds(60)), end.failure().retryAt());
  }

  @Test
  void theLastResortIsAskedInSpiteOfItsRestWhenNobodyElseIsLeft() {
    List<Step> skipped =
        List.of(
            skipped(FIRST, FailureReason.BILLING, NOW.plusSeconds(600)),
            skipped(SECOND, FailureReason.BILLING, NOW.plusSeconds(600)));

    assertEquals(new FallbackDecision.Try(SECOND), next(skipped, Set.of(SECOND), ALL_REST));
    var asked = new ArrayList<>(skipped);
    asked.add(tried(SECOND, FailureReason.BILLING));
    assertInstanceOf(FallbackDecision.GiveUp.class, next(asked, Set.of(SECOND), ALL_REST));
  }

  @Test
  void noMoreThanTheAllowedAttemptsAreMade() {
    var limits = new FallbackSettings(1, Duration.ZERO);

    assertInstanceOf(
        FallbackDecision.GiveUp.class,
        next(List.of(tried(FIRST, FailureReason.OVERLOADED)), Set.of(), FREE, limits));
  }

  @Test
  void thePolicyAlwaysEnds() {
    var random = new Random(1);
    var reasons = FailureReason.values();
    Standings whatever =
        (_, _) ->
            switch (random.nextInt(3)) {
              case 0 -> new Standing.Free();
              case 1 -> new Standing.ToProbe(List.of());
              default -> ALL_REST.of(FIRST, NOW);
            };
    for (int round = 0; round < 2_000; round++) {
      var history = new ArrayList<Step>();
      while (true) {
        var decision = next(history, Set.of(SECOND), whatever, BUDGET);
        if (decision instanceof FallbackDecision.GiveUp) {
          break;
        }
        history.add(
            switch (decision) {
              case FallbackDecision.Try(var candidate) -> random(candidate, random, reasons);
              case FallbackDecision.Probe(var candidate, _) -> random(candidate, random, reasons);
              case FallbackDecision.StartAfresh(var same) -> tried(same, FailureReason.NETWORK);
              case FallbackDecision.RetrySame(var same, _, _) -> random(same, random, reasons);
              case FallbackDecision.Skip(var candidate, _) ->
                  skipped(candidate, FailureReason.BILLING, NOW);
              case FallbackDecision.Bar _, FallbackDecision.GiveUp _ -> throw new AssertionError();
            });
        assertTrue(history.size() <= 3 * CHAIN.size(), () -> "goes on for ever: " + history);
      }
    }
  }

  private static Tried random(Candidate candidate, Random random, FailureReason[] reasons) {
    var failure = Failure.of(reasons[random.nextInt(reasons.length)], "rule", "text");
    return new Tried(
        candidate,
        failure,
        random.nextInt(9) == 0 ? Traces.OUTPUT : Traces.NONE,
        random.nextBoolean());
  }

  private static Tried limited(Instant until) {
    return new Tried(FIRST, at(FailureReason.RATE_LIMIT, until), Traces.NONE, false);
  }

  private static Step skipped(Candidate candidate, FailureReason reason, Instant until) {
    return new Step.Skipped(candidate, at(reason, until));
  }

  private static Failure at(FailureReason reason, Instant until) {
    return new Failure(
        reason, "rule", "text", Optional.of(until), Optional.empty(), Optional.empty());
  }

  private FallbackDecision next(List<Candidate> chain, List<? extends Step> steps) {
    assertEquals(CHAIN, chain);
    return next(steps, Set.of(), FREE);
  }

  private FallbackDecision next(
      List<? extends Step> steps, Set<Candidate> lastResort, Standings standings) {
    return next(steps, lastResort, standings, new FallbackSettings(10, Duration.ZERO));
  }

  private FallbackDecision next(
      List<? extends Step> steps,
      Set<Candidate> lastResort,
      Standings standings,
      FallbackSettings limits) {
    return policy.next(
        new Situation(
            new Chains(CHAIN, List.of(), List.of(), lastResort),
            Traces.NONE,
            List.copyOf(steps),
            standings,
            limits,
            Duration.ZERO,
            0.5,
            NOW));
  }
}
