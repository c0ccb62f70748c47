package dev.turnout.http;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;

/** The whole application with real backends, in the surroundings of {@link PlantedSecrets}. */
public final class PlantedApplication implements QuarkusTestProfile {
  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(PlantedSecrets.class));
  }
}
