package dev.turnout.worker;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.testing.FakeModelApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** An agent CLI as its maker ships it, and how an operator points it at the fake API. */
enum RealCli {
  CLAUDE("claude-fake", "anthropic", "ANTHROPIC_BASE_URL"),
  CODEX("fake-model", "openai", "OPENAI_BASE_URL"),
  // Another name would make it ask a model which model to ask.
  GEMINI("gemini-2.5-flash", "gemini", "GOOGLE_GEMINI_BASE_URL");

  private static final Path INSTALLED =
      Path.of(System.getProperty("real-cli.dir", "target/real-cli")).toAbsolutePath();

  final String model;
  private final String provider;
  private final String baseUrlVariable;

  RealCli(String model, String provider, String baseUrlVariable) {
    this.model = model;
    this.provider = provider;
    this.baseUrlVariable = baseUrlVariable;
  }

  String kind() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  Path program() {
    return INSTALLED.resolve("node_modules/.bin").resolve(kind());
  }

  /** Skips the test, and says why, when there is nothing to test. */
  void requireInstalled() {
    assumeTrue(Files.isExecutable(program()), this::whyNot);
  }

  private String whyNot() {
    var said = INSTALLED.resolve("not-installed.txt");
    try {
      return Files.exists(said)
          ? Files.readString(said).strip()
          : program() + " is not there: run scripts/install-real-clis.sh " + INSTALLED;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What an operator writes for one agent on this CLI; everything else is the preset's.
   *
   * @param api the root of the fake API
   * @param proxy where everything that is not on the loopback is sent
   */
  Map<String, String> configuration(URI api, URI proxy) {
    var written = new HashMap<String, String>();
    written.put("turnout.default-agent", "demo");
    written.put("turnout.agents.demo.chain[0].backend", "cli");
    written.put("turnout.agents.demo.chain[0].model", model);
    written.put("turnout.agents.demo.chain[0].auth-profile", "key");
    written.put("turnout.auth-profiles.key.provider", provider);
    written.put("turnout.auth-profiles.key.secret", "env:FAKE_KEY");
    var backend = "turnout.backends.cli.";
    written.put(backend + "kind", kind());
    written.put(backend + "command", program().toString());
    written.put(backend + "limits.first-output", "30s");
    written.put(backend + "limits.idle", "30s");
    written.put(backend + "limits.total", "60s");
    var environment = backend + "environment.";
    written.put(environment + baseUrlVariable, this == CODEX ? api + "/v1" : api.toString());
    for (var name : new String[] {"HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"}) {
      written.put(environment + name, proxy.toString());
    }
    written.put(environment + "NO_PROXY", "127.0.0.1");
    written.put(environment + "no_proxy", "127.0.0.1");
    return written;
  }

  /** Whatever name a configuration asks for, there is one secret, and it is a fake. */
  static String secret() {
    return FakeModelApi.KEY;
  }
}
