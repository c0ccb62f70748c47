package dev.turnout.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Gives an application under test an empty database of its own. */
public final class QuarkusDatabase implements QuarkusTestResourceLifecycleManager {
  @Override
  public Map<String, String> start() {
    var database = TestDatabase.fresh();
    return Map.of(
        "quarkus.datasource.jdbc.url", database.url(),
        "quarkus.datasource.username", database.user(),
        "quarkus.datasource.password", database.password());
  }

  @Override
  public void stop() {
    // The server ends with the JVM.
  }
}
