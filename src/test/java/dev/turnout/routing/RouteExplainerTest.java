package dev.turnout.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.cooldown.Cooldown;
import dev.turnout.cooldown.CooldownScope;
import dev.turnout.cooldown.CooldownSnapshot;
import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.routing.RouteExplanation.Plan;
import dev.turnout.routing.RouteExplanation.Stop;
import dev.turnout.routing.Situation.Step;
import dev.turnout.settings.AgentSettings;
import dev.turnout.settings.FallbackSettings;
import dev.turnout.settings.Settings;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.RouteChoice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteExplainerTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  /** Failures after which the next candidate has its turn, whatever the settings. */
  private static final List<FailureReason> PASSED_ON =
      List.of(
          FailureReason.TIMEOUT_IDLE,
          FailureReason.AUTH_INVALID,
          FailureReason.BILLING,
          FailureReason.EMPTY_RESPONSE,
          FailureReason.PROCESS_CRASHED,
          FailureReason.MODEL_NOT_FOUND);

  private final FallbackPolicy policy = new FallbackPolicy();

  /** A turn, what rests, and when. */
  private record State(ExplainRequest request, CooldownSnapshot cooldowns) {
    Route route() {
      return new Route(request.asRoute(), Map.of());
    }
  }

  private static State random(Random random) {
    var chain = new LinkedHashSet<Candidate>();
    int length = random.nextInt(9);
    for (int i = 0; i < length; i++) {
      chain.add(candidate(random));
    }
    var lastResort = new HashSet<Candidate>();
    chain.stream().filter(_ -> random.nextInt(5) == 0).forEach(lastResort::add);
    var agent =
        new AgentSettings(
            new AgentId("demo"),
            List.copyOf(chain),
            lastResort,
            Optional.empty(),
            Optional.empty(),
            5);
    var settings = settings(agent, new FallbackSettings(1 + random.nextInt(8), Duration.ZERO));
    var lane = new LaneId(random.nextBoolean() ? "user" : "helper");
    // A model of one's own needs a chain to take its backend from.
    var model =
        chain.isEmpty() || random.nextInt(4) > 0 ? Optional.<String>empty() : Optional.of("mine");
    var request =
        new ExplainRequest(Optional.empty(), lane, agent, settings, RouteChoice.ofModel(model));
    return new State(request, cooldowns(new Route(request.asRoute(), Map.of()), random));
  }

  private static Candidate candidate(Random random) {
    return new Candidate(
        // One of them is not configured.
        new BackendId(List.of("api", "cli", "gone").get(random.nextInt(3))),
        random.nextBoolean() ? Optional.empty() : Optional.of("m" + random.nextInt(3)),
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(new AuthProfileId("p" + random.nextInt(3))));
  }

  private static Settings settings(AgentSettings agent, FallbackSettings fallback) {
    var base =
        TestSettings.settings(
            agent.chain(), 8, TestSettings.api("api"), TestSettings.cli("cli", "unused"));
    return new Settings(
        base.revision(),
        base.defaultAgent(),
        Map.of(agent.id(), agent),
        base.backends(),
        base.authProfiles(),
        base.lanes(),
        base.queue(),
        fallback,
        base.decisions());
  }

  private static CooldownSnapshot cooldowns(Route route, Random random) {
    var all = new HashMap<Object, Cooldown>();
    for (var candidate : route.chain) {
      for (var scope : CooldownScope.values()) {
        if (random.nextInt(4) == 0) {
          route
              .way(candidate)
              .map(scope::of)
              .ifPresent(
                  key ->
                      all.put(
                          key,
                          new Cooldown(
                              UUID.randomUUID(),
                              key,
                              Failure.of(FailureReason.BILLING, "rule", "text"),
                              1,
                              random.nextInt(3),
                              NOW,
                              NOW,
                              Optional.of(NOW),
                              random.nextInt(8) == 0
                                  ? Optional.empty()
                                  : Optional.of(NOW.plusSeconds(random.nextInt(600) - 300)),
                              random.nextBoolean(),
                              random.nextInt(3) > 0
                                  ? Optional.empty()
                                  : Optional.of(
                                      new Cooldown.Probe(
                                          "owner", NOW.plusSeconds(random.nextInt(60) - 30))),
                              0)));
        }
      }
    }
    return new CooldownSnapshot(all.values());
  }

  /** What the policy decides in a turn of which every asked candidate fails, in short. */
  private List<String> simulated(State state, Random random) {
    var route = state.route();
    var decided = new ArrayList<String>();
    while (true) {
      switch (policy.next(route.situation(state.cooldowns, random.nextDouble(), NOW))) {
        case FallbackDecision.Try(var candidate) -> {
          decided.add("ask " + candidate);
          fail(route, candidate, random);
        }
        case FallbackDecision.Probe(var candidate, _) -> {
          decided.add("probe " + candidate);
          fail(route, candidate, random);
        }
        case FallbackDecision.Skip(var candidate, var resting) -> {
          decided.add("skip " + candidate);
          route.skipped(candidate, resting, NOW);
        }
        case FallbackDecision.Bar _, FallbackDecision.RetrySame _, FallbackDecision.StartAfresh _ ->
            throw new AssertionError("nobody is barred, and the budget allows no second try");
        case FallbackDecision.GiveUp _ -> {
          return decided;
        }
      }
    }
  }

  private static void fail(Route route, Candidate candidate, Random random) {
    var reason = PASSED_ON.get(random.nextInt(PASSED_ON.size()));
    var failure = Failure.of(reason, "rule", "text");
    route.failed(
        new Step.Tried(candidate, failure, Traces.NONE, false), Optional.empty(), NOW, NOW);
  }

  /** The same in the words of an explanation; a last resort is told beside its skip. */
  private static List<String> explained(List<Stop> stops) {
    var told = new ArrayList<String>();
    stops.stream()
        .filter(stop -> stop.plan() != Plan.NOT_REACHED)
        .forEach(stop -> told.add(stop.plan().code() + " " + stop.candidate()));
    stops.stream().filter(Stop::lastResort).forEach(stop -> told.add("ask " + stop.candidate()));
    return told;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void explanationIsWhatThePolicyDoesInAThousandStates(long seed) {
    var random = new Random(seed);
    int skips = 0;
    int probes = 0;
    int resorts = 0;
    for (int i = 0; i < 250; i++) {
      var state = random(random);

      var explanation = new RouteExplainer(policy, state.cooldowns, NOW).explain(state::route);

      var real = policy.next(state.route().situation(state.cooldowns, 0.5, NOW));
      var first = explanation.stops().stream().map(Stop::candidate).findFirst();
      assertEquals(real.about(), first, () -> "seed " + seed + ": " + state);
      assertEquals(
          simulated(state, random), explained(explanation.stops()), () -> state.toString());
      assertEquals(
          new HashSet<>(state.route().chain),
          new HashSet<>(explanation.stops().stream().map(Stop::candidate).toList()));
      assertEquals(
          explained(explanation.stops()).stream().allMatch(told -> told.startsWith("skip")),
          explanation.end().isPresent());
      skips += (int) explanation.stops().stream().filter(s -> s.plan() == Plan.SKIP).count();
      probes += (int) explanation.stops().stream().filter(s -> s.plan() == Plan.PROBE).count();
      resorts += (int) explanation.stops().stream().filter(Stop::lastResort).count();
    }
    // The states are worth the name: everything happens in them.
    assertTrue(skips > 50 && probes > 20 && resorts > 5, skips + " " + probes + " " + resorts);
  }

  @Test
  void endIsTheFailureThatTheTurnWouldHave() {
    var chain =
        List.of(
            new Candidate(
                new BackendId("api"), Optional.of("m"), Optional.of(new AuthProfileId("p"))));
    var agent =
        new AgentSettings(
            new AgentId("demo"), chain, Set.of(), Optional.empty(), Optional.empty(), 5);
    var request =
        new ExplainRequest(
            Optional.empty(),
            new LaneId("user"),
            agent,
            settings(agent, new FallbackSettings(10, Duration.ZERO)),
            RouteChoice.NONE);
    var route = new Route(request.asRoute(), Map.of());
    var key = CooldownScope.PAYMENT.of(route.way(chain.getFirst()).orElseThrow());
    var until = NOW.plusSeconds(600);
    var cooldown =
        new Cooldown(
            new UUID(0, 1),
            key,
            Failure.of(FailureReason.BILLING, "http.402", "no money"),
            1,
            1,
            NOW,
            NOW,
            Optional.of(NOW),
            Optional.of(until),
            true,
            Optional.empty(),
            0);

    var explanation =
        new RouteExplainer(policy, new CooldownSnapshot(List.of(cooldown)), NOW)
            .explain(() -> new Route(request.asRoute(), Map.of()));

    var end = explanation.end().orElseThrow();
    assertEquals(FailureReason.BILLING, end.failure().reason());
    assertEquals(Optional.of(until), end.failure().retryAt());
    assertTrue(end.attempts().getFirst().skipped());
    var rest = explanation.stops().getFirst().rest().orElseThrow();
    assertEquals(cooldown.id(), rest.cooldown());
    assertEquals(Optional.of(until), rest.until());
    assertEquals("http.402", rest.failure().rule());
  }
}
