package dev.turnout.http;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** The whole application with real backends, in the surroundings of {@link PlantedSecrets}. */
public final class PlantedApplication implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    return PlantedSecrets.settings();
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(PlantedSecrets.class));
  }
}
