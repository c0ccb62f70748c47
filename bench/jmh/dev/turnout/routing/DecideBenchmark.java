package dev.turnout.routing;

import dev.turnout.cooldown.Cooldown;
import dev.turnout.cooldown.CooldownKey;
import dev.turnout.cooldown.CooldownScope;
import dev.turnout.cooldown.CooldownSnapshot;
import dev.turnout.cooldown.Way;
import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.routing.Situation.Step;
import dev.turnout.settings.FallbackSettings;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.LaneId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Which candidate is next, for a chain of 100 candidates and 10,000 cooldowns. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class DecideBenchmark {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final LaneId LANE = new LaneId("user");
  private static final Failure BILLING = Failure.of(FailureReason.BILLING, "http.402", "402");
  private static final FallbackSettings LIMITS = new FallbackSettings(8, Duration.ofSeconds(20));

  /** How many of the chain were looked at before this decision. */
  @Param({"0", "50", "99"})
  int before;

  private final FallbackPolicy policy = new FallbackPolicy();
  private CooldownSnapshot cooldowns;
  private Situation situation;

  @Setup
  public void prepare() {
    cooldowns = new CooldownSnapshot(IntStream.range(0, 10_000).mapToObj(this::cooldown).toList());
    var chain = IntStream.range(0, 100).mapToObj(this::candidate).toList();
    var steps = new ArrayList<Step>();
    chain.stream().limit(before).forEach(c -> steps.add(new Step.Skipped(c, BILLING)));
    situation =
        new Situation(
            new Chains(chain, List.of(), List.of(), Set.of()),
            Traces.NONE,
            steps,
            (candidate, at) -> cooldowns.standing(way(candidate), at),
            LIMITS,
            Duration.ZERO,
            0.5,
            NOW);
  }

  @Benchmark
  public FallbackDecision decide() {
    return policy.next(situation);
  }

  private Candidate candidate(int i) {
    return new Candidate(
        new BackendId("backend-" + i % 10),
        Optional.of("model-" + i),
        Optional.of(new AuthProfileId("account-" + i)));
  }

  private static Way way(Candidate candidate) {
    return Way.of(candidate, "api", Optional.empty(), LANE);
  }

  /** Each account has run out of money, in all lanes. */
  private Cooldown cooldown(int i) {
    return new Cooldown(
        new UUID(0, i),
        new CooldownKey(CooldownScope.PAYMENT, "account-" + i % 1_000, "", "api", "", lane(i)),
        BILLING,
        1,
        1,
        NOW,
        NOW,
        Optional.of(NOW),
        Optional.of(NOW.plusSeconds(600)),
        true,
        Optional.empty(),
        0);
  }

  private static String lane(int i) {
    return i < 1_000 ? LANE.value() : "lane-" + i / 1_000;
  }
}
