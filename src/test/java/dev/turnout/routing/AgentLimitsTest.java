package dev.turnout.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.cooldown.CooldownSnapshot;
import dev.turnout.settings.FallbackSettings;
import dev.turnout.settings.InvalidSettings;
import dev.turnout.settings.WrittenSettings;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.RouteChoice;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How far a turn goes, for all agents and for one. */
class AgentLimitsTest {
  private static final Map<String, String> ALL =
      Map.of(
          "turnout.fallback.max-attempts", "7",
          "turnout.fallback.retry-budget", "3s",
          "turnout.agents.a.chain[0].backend", "demo");

  private static FallbackSettings limits(Map<String, String> ofAgent) {
    var written = new HashMap<>(ALL);
    ofAgent.forEach((name, value) -> written.put("turnout.agents.a." + name, value));
    var settings = WrittenSettings.of(written);
    var agent = settings.agent(new AgentId("a")).orElseThrow();
    var request =
        new ExplainRequest(Optional.empty(), new LaneId("user"), agent, settings, RouteChoice.NONE);
    return new Route(request.asRoute(), Map.of())
        .situation(new CooldownSnapshot(List.of()), 0, Instant.EPOCH)
        .limits();
  }

  @Test
  void agentHasTheLimitsOfAllUnlessItSaysOtherwise() {
    assertEquals(new FallbackSettings(7, Duration.ofSeconds(3)), limits(Map.of()));
    assertEquals(
        new FallbackSettings(2, Duration.ofSeconds(3)), limits(Map.of("max-attempts", "2")));
    assertEquals(new FallbackSettings(7, Duration.ZERO), limits(Map.of("retry-budget", "0s")));
  }

  @Test
  void limitsThatDoNotHoldAreNamed() {
    var told =
        String.valueOf(
            assertThrows(
                InvalidSettings.class,
                () -> limits(Map.of("max-attempts", "0", "retry-budget", "-1s"))));

    assertTrue(told.contains("agents.a.max-attempts"), told);
    assertTrue(told.contains("agents.a.retry-budget"), told);
  }
}
