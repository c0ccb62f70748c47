package dev.turnout.routing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.cooldown.Cooldown;
import dev.turnout.cooldown.CooldownKey;
import dev.turnout.cooldown.CooldownScope;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** What holds of every walk through random chains, failures and rests. */
class FallbackPropertyTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final List<Candidate> ALL =
      IntStream.range(0, 6)
          .mapToObj(i -> new Candidate(new BackendId("b" + i), Optional.empty(), Optional.empty()))
          .toList();

  private final FallbackPolicy policy = new FallbackPolicy();

  /** How often a candidate was asked, and why. */
  private static final class Asked {
    int plainly;
    int again;
    int afresh;
  }

  @RepeatedTest(3)
  void everyWalkEndsAndKeepsToItsRules(RepetitionInfo repetition) {
    var random = new Random(repetition.getCurrentRepetition());
    for (int round = 0; round < 4_000; round++) {
      walk(random);
    }
  }

  private void walk(Random random) {
    var chains =
        new Chains(some(random, 1), some(random, 0), some(random, 0), Set.copyOf(some(random, 0)));
    var allowed = pick(random, Traces.values());
    var limits = new FallbackSettings(1 + random.nextInt(12), Duration.ofSeconds(2));
    var standings = standings(random);
    var steps = new ArrayList<Step>();
    var asked = new HashMap<Candidate, Asked>();
    var waited = Duration.ZERO;
    while (true) {
      var decision =
          policy.next(
              new Situation(
                  chains, allowed, steps, standings, limits, waited, random.nextDouble(), NOW));
      if (decision instanceof FallbackDecision.GiveUp(var failure)) {
        assertTrue(steps.isEmpty() || reasons(steps).contains(failure.reason()), steps::toString);
        break;
      }
      assertMayGoOn(steps, allowed);
      waited = waited.plus(take(decision, steps, asked, random));
      assertTrue(steps.size() <= 4 * ALL.size(), () -> "goes on for ever: " + steps);
    }
    asked.values().forEach(a -> assertTrue(a.plainly <= 1 && a.again <= 1 && a.afresh <= 1));
    assertTrue(waited.compareTo(limits.retryBudget()) <= 0, waited::toString);
    // A conversation that is begun afresh is one call more than the limit at most.
    long calls = steps.stream().filter(step -> step instanceof Step.Tried).count();
    assertTrue(calls <= limits.maxAttempts() + 1, steps::toString);
    assertKinds(chains, steps);
  }

  /** Nobody goes on after traces that may not become void. */
  private static void assertMayGoOn(List<Step> steps, Traces allowed) {
    steps.forEach(
        step -> {
          if (step instanceof Step.Tried tried) {
            assertTrue(tried.traces().compareTo(allowed) <= 0, steps::toString);
          }
        });
  }

  /** Until something was too large or not to be answered, the general chain is asked in order. */
  private static void assertKinds(Chains chains, List<Step> steps) {
    var seen = new ArrayList<FailureReason>();
    for (var step : steps) {
      if (chains.after(seen).equals(chains.general())) {
        assertTrue(chains.general().contains(step.candidate()), steps::toString);
      } else {
        assertTrue(
            chains.after(seen).contains(step.candidate())
                || steps.stream().filter(s -> s.candidate().equals(step.candidate())).count() > 1,
            steps::toString);
      }
      if (step instanceof Step.Tried tried) {
        seen.add(tried.failure().reason());
      }
    }
  }

  private static Duration take(
      FallbackDecision decision, List<Step> steps, Map<Candidate, Asked> asked, Random random) {
    switch (decision) {
      case FallbackDecision.Try(var c) -> {
        count(asked, c).plainly++;
        steps.add(failed(c, random, true));
      }
      case FallbackDecision.Probe(var c, _) -> {
        count(asked, c).plainly++;
        steps.add(failed(c, random, true));
      }
      case FallbackDecision.RetrySame(var c, var after, _) -> {
        count(asked, c).again++;
        steps.add(failed(c, random, true));
        return after;
      }
      case FallbackDecision.StartAfresh(var c) -> {
        count(asked, c).afresh++;
        steps.add(failed(c, random, false));
      }
      case FallbackDecision.Skip(var c, _) -> steps.add(new Step.Skipped(c, billing()));
      case FallbackDecision.Bar(var c, var why) -> steps.add(new Step.Barred(c, why));
      case FallbackDecision.GiveUp _ -> throw new AssertionError("it has been given up before");
    }
    return Duration.ZERO;
  }

  private static Asked count(Map<Candidate, Asked> asked, Candidate candidate) {
    return asked.computeIfAbsent(candidate, _ -> new Asked());
  }

  private static Step failed(Candidate candidate, Random random, boolean mayResume) {
    var failure = Failure.of(pick(random, FailureReason.values()), "rule", "text");
    var traces = random.nextInt(4) == 0 ? pick(random, Traces.values()) : Traces.NONE;
    return new Step.Tried(candidate, failure, traces, mayResume && random.nextBoolean());
  }

  /** What rests and who is barred stays so while one walk lasts. */
  private static Standings standings(Random random) {
    var resting = new HashSet<>(some(random, 0));
    var toProbe = new HashSet<>(some(random, 0));
    var barred = new HashSet<>(some(random, 0));
    if (random.nextBoolean()) {
      barred.clear();
    }
    return new Standings() {
      @Override
      public Standing of(Candidate candidate, Instant at) {
        if (resting.contains(candidate)) {
          return new Standing.Resting(cooldown(), NOW.plusSeconds(60));
        }
        return toProbe.contains(candidate)
            ? new Standing.ToProbe(List.of(cooldown()))
            : new Standing.Free();
      }

      @Override
      public Optional<Failure> barred(Candidate candidate) {
        return barred.contains(candidate) ? Optional.of(billing()) : Optional.empty();
      }
    };
  }

  private static Cooldown cooldown() {
    return new Cooldown(
        new UUID(0, 1),
        new CooldownKey(CooldownScope.PAYMENT, "p", "", "api", "", "user"),
        billing(),
        1,
        1,
        NOW,
        NOW,
        Optional.of(NOW),
        Optional.of(NOW.plusSeconds(60)),
        true,
        Optional.empty(),
        0);
  }

  private static Failure billing() {
    return Failure.of(FailureReason.BILLING, "rule", "text");
  }

  private static List<FailureReason> reasons(List<Step> steps) {
    return steps.stream().map(step -> step.failure().reason()).toList();
  }

  private static List<Candidate> some(Random random, int least) {
    var mixed = new ArrayList<>(ALL);
    Collections.shuffle(mixed, random);
    return mixed.subList(0, least + random.nextInt(ALL.size() - least));
  }

  private static <T> T pick(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }
}
