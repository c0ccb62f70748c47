package dev.turnout.testing;

import dev.turnout.backend.Backends;
import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The whole application over a test database; only the backends do what the prompt says. */
public final class ScriptedApplication implements QuarkusTestProfile {
  public static final String ADMIN_KEY = "the-first-admin-key-of-the-tests";

  /** Longest input, in bytes. */
  public static final int MAX_INPUT = 100_000;

  /** How many turns may wait in a session here. */
  public static final int SESSION_CAP = 5;

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "turnout.bootstrap-key",
        ADMIN_KEY,
        "turnout.data-dir",
        "target/test-data/" + UUID.randomUUID(),
        "turnout.http.heartbeat",
        "300ms",
        "turnout.queue.session-cap",
        String.valueOf(SESSION_CAP),
        "turnout.queue.drain-grace",
        "100ms",
        "turnout.auth-profiles.plan.provider",
        "demo",
        "turnout.auth-profiles.off.provider",
        "demo",
        "turnout.auth-profiles.off.enabled",
        "false",
        "turnout.queue.max-input-bytes",
        String.valueOf(MAX_INPUT));
  }

  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(ScriptedBackends.class);
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(QuarkusDatabase.class));
  }

  /** Puts the scripted backend in the place of all others. */
  @Alternative
  @ApplicationScoped
  static class ScriptedBackends {
    @Produces
    @Singleton
    ScriptedBackend scripted() {
      return new ScriptedBackend();
    }

    @Produces
    @Singleton
    @Alternative
    Backends backends(ScriptedBackend scripted) {
      return Backends.of(scripted);
    }
  }
}
