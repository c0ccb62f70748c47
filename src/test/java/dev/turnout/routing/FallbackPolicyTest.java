package dev.turnout.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.routing.FallbackPolicy.Tried;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FallbackPolicyTest {
  private static final Candidate FIRST = candidate("first");
  private static final Candidate SECOND = candidate("second");
  private static final List<Candidate> CHAIN = List.of(FIRST, SECOND);

  private final FallbackPolicy policy = new FallbackPolicy();

  private static Candidate candidate(String backend) {
    return new Candidate(new BackendId(backend), Optional.empty(), Optional.empty());
  }

  private static Tried tried(Candidate candidate, FailureReason reason) {
    return new Tried(candidate, Failure.of(reason, "rule", "text"), false, false);
  }

  @Test
  void theFirstCandidateIsAskedFirst() {
    assertEquals(new FallbackDecision.Try(FIRST), policy.next(CHAIN, List.of()));
  }

  @ParameterizedTest
  @EnumSource(
      value = FailureReason.class,
      names = {"BILLING", "RATE_LIMIT", "OVERLOADED", "NETWORK", "TIMEOUT_IDLE", "AUTH_INVALID"})
  void theNextCandidateIsAskedWhenTheProviderFailed(FailureReason reason) {
    assertEquals(
        new FallbackDecision.Try(SECOND), policy.next(CHAIN, List.of(tried(FIRST, reason))));
  }

  @ParameterizedTest
  @EnumSource(
      value = FailureReason.class,
      names = {"BACKEND_CONFIG_MISSING", "SPAWN_FAILED"})
  void aConfiguredBackendThatIsMissingFailsClosed(FailureReason reason) {
    assertInstanceOf(
        FallbackDecision.GiveUp.class, policy.next(CHAIN, List.of(tried(FIRST, reason))));
  }

  @ParameterizedTest
  @EnumSource(FailureReason.class)
  void nobodyElseIsAskedAfterAnEffect(FailureReason reason) {
    var acted = new Tried(FIRST, Failure.of(reason, "rule", "text"), true, false);

    assertInstanceOf(FallbackDecision.GiveUp.class, policy.next(CHAIN, List.of(acted)));
  }

  @Test
  void aLostConversationIsStartedAfreshOnceWithTheSameCandidate() {
    var lost =
        new Tried(FIRST, Failure.of(FailureReason.SESSION_LOST, "rule", "text"), false, true);
    assertEquals(new FallbackDecision.StartAfresh(FIRST), policy.next(CHAIN, List.of(lost)));

    var again = List.of(lost, tried(FIRST, FailureReason.SESSION_LOST));
    assertEquals(new FallbackDecision.Try(SECOND), policy.next(CHAIN, again));
  }

  @Test
  void thePolicyAlwaysEnds() {
    var random = new Random(1);
    var reasons = FailureReason.values();
    for (int round = 0; round < 2_000; round++) {
      var history = new ArrayList<Tried>();
      while (true) {
        var decision = policy.next(CHAIN, history);
        if (decision instanceof FallbackDecision.GiveUp) {
          break;
        }
        var candidate =
            switch (decision) {
              case FallbackDecision.Try(var next) -> next;
              case FallbackDecision.StartAfresh(var same) -> same;
              case FallbackDecision.GiveUp _ -> throw new AssertionError();
            };
        var reason = reasons[random.nextInt(reasons.length)];
        boolean resumed = decision instanceof FallbackDecision.Try && random.nextBoolean();
        history.add(
            new Tried(
                candidate, Failure.of(reason, "rule", "text"), random.nextInt(9) == 0, resumed));
        assertTrue(history.size() <= 2 * CHAIN.size(), () -> "goes on for ever: " + history);
      }
    }
  }
}
