package dev.turnout.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@link ScriptedApplication} with accounts: an API of two models and a CLI on the profile {@code
 * work}, whose secret is in {@link #SECRET}, and a profile without a secret.
 */
public final class OperatedApplication implements QuarkusTestProfile {
  /** The file with the secret of the profile {@code work}; tests write it. */
  public static final Path SECRET = Path.of("target/test-data/operated-secret").toAbsolutePath();

  private final ScriptedApplication scripted = new ScriptedApplication();

  @Override
  public Map<String, String> getConfigOverrides() {
    var settings = new HashMap<>(scripted.getConfigOverrides());
    settings.put("turnout.default-agent", "ops");
    settings.put("turnout.agents.ops.chain[0].backend", "api");
    settings.put("turnout.agents.ops.chain[0].model", "big");
    settings.put("turnout.agents.ops.chain[0].auth-profile", "work");
    settings.put("turnout.agents.ops.chain[1].backend", "api");
    settings.put("turnout.agents.ops.chain[1].model", "small");
    settings.put("turnout.agents.ops.chain[1].auth-profile", "work");
    settings.put("turnout.agents.tool.chain[0].backend", "cli");
    settings.put("turnout.agents.tool.chain[0].auth-profile", "work");
    settings.put("turnout.backends.api.kind", "anthropic");
    settings.put("turnout.backends.cli.kind", "command");
    settings.put("turnout.backends.cli.command", "sh");
    settings.put("turnout.backends.lost.kind", "command");
    settings.put("turnout.backends.lost.command", "no-such-program");
    settings.put("turnout.auth-profiles.work.provider", "anthropic");
    settings.put("turnout.auth-profiles.work.secret", "file:" + SECRET);
    settings.put("turnout.auth-profiles.absent.provider", "openai");
    settings.put("turnout.auth-profiles.absent.secret", "env:TURNOUT_TEST_NO_SUCH_VARIABLE");
    settings.put("turnout.lanes.helper.width", "2");
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
