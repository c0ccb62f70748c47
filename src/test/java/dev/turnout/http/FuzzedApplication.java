package dev.turnout.http;

import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@link ScriptedApplication}, started for a test that leaves nothing in it as it was. */
public final class FuzzedApplication implements QuarkusTestProfile {
  private final ScriptedApplication scripted = new ScriptedApplication();

  @Override
  public Map<String, String> getConfigOverrides() {
    return scripted.getConfigOverrides();
  }

  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return scripted.getEnabledAlternatives();
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return scripted.testResources();
  }
}
