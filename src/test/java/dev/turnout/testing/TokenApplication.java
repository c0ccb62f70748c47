package dev.turnout.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@link ScriptedApplication} with an issuer whose tokens open. */
public class TokenApplication implements QuarkusTestProfile {
  /** What its tokens have to be for. */
  public static final String AUDIENCE = "turnout";

  /** A group whose members are operators. */
  public static final String OPERATORS = "/staff/operators";

  private final ScriptedApplication scripted = new ScriptedApplication();

  @Override
  public Map<String, String> getConfigOverrides() {
    var settings = new HashMap<>(scripted.getConfigOverrides());
    settings.put("turnout.oidc.audience", AUDIENCE);
    settings.put("turnout.oidc.tenant-claim", "org/tenant");
    settings.put("turnout.oidc.scope-claim", "groups");
    settings.put("turnout.oidc.scopes.\"" + OPERATORS + "\"", "admin");
    settings.put("turnout.oidc.clock-skew", "0s");
    // A test that publishes new keys does not wait for half a minute.
    settings.put("quarkus.oidc.token.forced-jwk-refresh-interval", "1ms");
    return settings;
  }

  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return scripted.getEnabledAlternatives();
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(
        new TestResourceEntry(QuarkusDatabase.class),
        new TestResourceEntry(TestIssuer.class, Map.of("silent", Boolean.toString(silent()))));
  }

  /** Whether the issuer does not answer while the application starts. */
  protected boolean silent() {
    return false;
  }

  /** The same while its issuer does not answer. */
  public static final class WithoutIssuer extends TokenApplication {
    @Override
    protected boolean silent() {
      return true;
    }
  }
}
