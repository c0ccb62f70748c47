package dev.turnout.worker;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.testing.FakeModelApi;
import dev.turnout.testing.Patience;
import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real CLIs, alone and living, use the tools that Turnout gives them. */
@QuarkusTest
@TestProfile(RealCliToolsIT.Application.class)
@Tag("real-cli")
@Timeout(180)
class RealCliToolsIT {
  private static final FakeModelApi API = FakeModelApi.start();
  private static final FakeModelApi WAY_OUT = FakeModelApi.start();
  private static final String ANY = "any";

  /** Each CLI twice: one for each turn, and one that lives on. */
  public static final class Application implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      var settings = new HashMap<>(new ScriptedApplication().getConfigOverrides());
      var secret = secret();
      for (var cli : RealCli.values()) {
        for (var name : List.of(cli.kind(), kept(cli))) {
          cli.configuration(API.uri(), WAY_OUT.uri())
              .forEach((key, value) -> settings.put(renamed(key, name), value));
          settings.put("turnout.agents." + name + ".chain[0].backend", name);
          settings.put("turnout.agents." + name + ".chain[0].auth-profile", name);
          settings.put("turnout.auth-profiles." + name + ".secret", "file:" + secret);
          settings.put("turnout.backends." + name + ".mcp.enabled", "true");
        }
        settings.put("turnout.backends." + kept(cli) + ".live.enabled", "true");
      }
      settings.putAll(anyAgentInAcp(secret));
      settings.put("turnout.data-dir", anyonesDirectory().toString());
      settings.put("turnout.default-agent", "claude");
      settings.put("turnout.backends.claude-kept.tools.otherwise", "allow");
      return settings;
    }

    /** Gemini CLI as an agent that Turnout knows nothing of but its protocol. */
    private static Map<String, String> anyAgentInAcp(Path secret) {
      var settings = new HashMap<String, String>();
      RealCli.GEMINI
          .configuration(API.uri(), WAY_OUT.uri())
          .forEach((key, value) -> settings.put(renamed(key, ANY), value));
      var backend = "turnout.backends." + ANY + ".";
      settings.put(backend + "kind", "acp");
      settings.put(backend + "args", "--acp,--skip-trust");
      settings.put(backend + "model-args", "-m,{model}");
      settings.put(backend + "environment.GEMINI_CLI_NO_RELAUNCH", "true");
      settings.put(backend + "home", geminiHome().toString());
      settings.put(backend + "mcp.enabled", "true");
      settings.put("turnout.agents." + ANY + ".chain[0].backend", ANY);
      settings.put("turnout.agents." + ANY + ".chain[0].auth-profile", ANY);
      settings.put("turnout.auth-profiles." + ANY + ".secret", "file:" + secret);
      return settings;
    }

    /**
     * Below a directory that is not root's alone, as Turnout's always is when it does not run as
     * root: Gemini CLI passes over some of the files there.
     */
    private static Path anyonesDirectory() {
      try {
        return Files.createTempDirectory("turnout-data");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Path geminiHome() {
      try {
        var home = Files.createTempDirectory("turnout-gemini-home");
        Files.writeString(
            Files.createDirectory(home.resolve(".gemini")).resolve("settings.json"),
            """
            {"security":{"auth":{"selectedType":"gemini-api-key"}},"telemetry":{"enabled":false},
             "privacy":{"usageStatisticsEnabled":false},"general":{"enableAutoUpdate":false}}
            """);
        return home;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static String renamed(String key, String name) {
      return key.replace("turnout.backends.cli.", "turnout.backends." + name + ".")
          .replace("turnout.auth-profiles.key.", "turnout.auth-profiles." + name + ".")
          .replace("turnout.agents.demo.", "turnout.agents." + name + ".");
    }

    private static Path secret() {
      try {
        return Files.writeString(Files.createTempFile("turnout-fake-key", ""), RealCli.secret());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return new ScriptedApplication().testResources();
    }
  }

  /** Requests to the server that this variable of a CLI names, each its path and its body. */
  private static List<String> heard(String variable) {
    // Not by the constants above: the profile that started the servers has others.
    var uri =
        ConfigProvider.getConfig()
            .getValue("turnout.backends." + ANY + ".environment." + variable, String.class);
    return given().get(uri + FakeModelApi.LOG).jsonPath().getList("$", String.class);
  }

  private static void nobodyWasAskedButTheApi() {
    assertEquals(List.of(), heard("HTTPS_PROXY"));
  }

  private static String kept(RealCli cli) {
    return cli.kind() + "-kept";
  }

  private static RequestSpecification admin() {
    return given().header("Authorization", "Bearer " + ScriptedApplication.ADMIN_KEY);
  }

  private static String answer(String agent, String session, String marker) {
    var body = Map.of("agent", agent, "input", Map.of("text", "[[fake:" + marker + "]]"));
    return admin()
        .header("Prefer", "wait=60")
        .contentType(ContentType.JSON)
        .body(body)
        .post("/v1/sessions/" + session + "/turns")
        .then()
        .statusCode(200)
        .body("state", equalTo("succeeded"))
        .extract()
        .path("answer.text");
  }

  private static void usesItsTools(String agent) {
    var session = "tools-" + UUID.randomUUID();
    var status = answer(agent, session, "tool name=session_status");
    assertTrue(status.contains(session), status);

    var enqueued =
        answer(agent, session, "tool name=enqueue_followup input={\"text\":\"come back\"}");
    assertTrue(enqueued.contains("come back"), enqueued);
    Patience.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                admin()
                    .get("/v1/sessions/" + session + "/turns")
                    .then()
                    .body("items.state", equalTo(List.of("succeeded", "succeeded", "succeeded")))
                    .body("items[0].input.text", equalTo("come back")));
    nobodyWasAskedButTheApi();
  }

  @ParameterizedTest
  @EnumSource(RealCli.class)
  void oneForEachTurnUsesItsTools(RealCli cli) {
    cli.requireInstalled();

    usesItsTools(cli.kind());
  }

  @ParameterizedTest
  @EnumSource(RealCli.class)
  void livingOneUsesItsToolsAndItsTokenIsInNoArgument(RealCli cli) throws IOException {
    cli.requireInstalled();

    usesItsTools(kept(cli));

    List<Integer> pids =
        admin()
            .get("/admin/v1/live-sessions")
            .path("items.findAll { it.backend == '%s' && it.state != 'closed' }.pid", kept(cli));
    assertEquals(1, pids.size());
    var argv = Files.readString(Path.of("/proc/" + pids.getFirst() + "/cmdline"));
    assertFalse(argv.contains("turnout_agent_"), argv);
  }

  /** What it may do with them is asked for each call, and is not the matter here. */
  @Test
  void agentInAcpOffersItsModelTheToolsThatItWasToldOf() {
    RealCli.GEMINI.requireInstalled();

    answer(ANY, "tools-" + UUID.randomUUID(), "ok text=hello");

    var asked = heard("GOOGLE_GEMINI_BASE_URL").getLast();
    assertTrue(asked.contains("session_status"), asked);
    nobodyWasAskedButTheApi();
  }
}
