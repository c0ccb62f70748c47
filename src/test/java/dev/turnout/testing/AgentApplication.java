package dev.turnout.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The whole application with demo agents that have Turnout's own tools, living and not. */
public final class AgentApplication implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    var settings = new HashMap<>(new ScriptedApplication().getConfigOverrides());
    settings.put("turnout.default-agent", "living");
    for (var name : List.of("living", "alone")) {
      settings.put("turnout.agents." + name + ".chain[0].backend", name);
      var backend = "turnout.backends." + name + ".";
      settings.put(backend + "kind", "demo");
      settings.put(backend + "mcp.enabled", "true");
      settings.put(backend + "mcp.max-chain", "3");
      settings.put(backend + "live.enabled", Boolean.toString(name.equals("living")));
    }
    return settings;
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return new ScriptedApplication().testResources();
  }
}
