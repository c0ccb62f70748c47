package dev.turnout.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The whole application with demo agents that ask about every tool: {@code asking} waits long,
 * {@code hasty} does not, {@code strict} is an agent whose own rules say no, and {@code alone} has
 * a process for each turn, which cannot be spoken to.
 */
public final class AskingApplication implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    var settings = new HashMap<>(new ScriptedApplication().getConfigOverrides());
    settings.put("turnout.default-agent", "asking");
    settings.put("turnout.backends.living.kind", "demo");
    settings.put("turnout.backends.living.tools.otherwise", "ask");
    settings.put("turnout.backends.alone.kind", "demo");
    settings.put("turnout.backends.alone.live.enabled", "false");
    for (var agent : List.of("asking", "hasty", "strict", "alone")) {
      settings.put(
          "turnout.agents." + agent + ".chain[0].backend",
          agent.equals("alone") ? "alone" : "living");
    }
    settings.put("turnout.agents.hasty.tools.answer-within", "400ms");
    settings.put("turnout.agents.strict.tools.otherwise", "deny");
    return settings;
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return new ScriptedApplication().testResources();
  }
}
