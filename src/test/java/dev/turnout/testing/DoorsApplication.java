package dev.turnout.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@link ScriptedApplication} behind two doors: TLS that wants certificates of callers on the main
 * listener, and a listener of operators.
 */
public final class DoorsApplication implements QuarkusTestProfile {
  /** Where the authority is, for tests: profile and test need not share a class loader. */
  public static final String CA = "doors.test.ca";

  private final ScriptedApplication scripted = new ScriptedApplication();

  @Override
  public Map<String, String> getConfigOverrides() {
    var settings = new HashMap<>(scripted.getConfigOverrides());
    try {
      var ca = TestCa.create("ca").sign("server").sign("client");
      settings.put(CA, ca.directory().toString());
      var tls = "quarkus.tls.doors.";
      settings.put(tls + "key-store.p12.path", ca.store("server").toString());
      settings.put(tls + "key-store.p12.password", TestCa.PASSWORD);
      settings.put(tls + "key-store.p12.alias", "server");
      settings.put(tls + "key-store.p12.alias-password", TestCa.PASSWORD);
      settings.put(tls + "trust-store.p12.path", ca.store("trust").toString());
      settings.put(tls + "trust-store.p12.password", TestCa.PASSWORD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    settings.put("quarkus.http.tls-configuration-name", "doors");
    settings.put("quarkus.http.test-ssl-port", "0");
    settings.put("turnout.tls.client-certificate", "required");
    settings.put("turnout.admin.port", "0");
    settings.put("turnout.admin.tls-configuration", "doors");
    settings.put("turnout.admin.client-certificate", "required");
    return settings;
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
