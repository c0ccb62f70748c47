package dev.turnout.worker;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.testing.FakeModelApi;
import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real Claude Code, alone and living, puts a turn into its line with a tool of Turnout's. */
@QuarkusTest
@TestProfile(RealClaudeToolsIT.Application.class)
@Tag("real-cli")
@Timeout(180)
class RealClaudeToolsIT {
  private static final FakeModelApi API = FakeModelApi.start();
  private static final FakeModelApi WAY_OUT = FakeModelApi.start();

  /** Claude Code twice: one for each turn, and one that lives on. */
  public static final class Application implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      var settings = new HashMap<>(new ScriptedApplication().getConfigOverrides());
      RealCli.CLAUDE
          .configuration(API.uri(), WAY_OUT.uri())
          .forEach(
              (key, value) -> {
                settings.put(key, value);
                settings.put(key.replace("turnout.backends.cli.", "turnout.backends.kept."), value);
              });
      try {
        var secret = Files.createTempFile("turnout-fake-key", "");
        Files.writeString(secret, RealCli.secret());
        settings.put("turnout.auth-profiles.key.secret", "file:" + secret);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      settings.put("turnout.backends.cli.mcp.enabled", "true");
      settings.put("turnout.backends.kept.mcp.enabled", "true");
      settings.put("turnout.backends.kept.live.enabled", "true");
      settings.put("turnout.backends.kept.tools.otherwise", "allow");
      settings.put("turnout.agents.kept.chain[0].backend", "kept");
      settings.put("turnout.agents.kept.chain[0].model", RealCli.CLAUDE.model);
      settings.put("turnout.agents.kept.chain[0].auth-profile", "key");
      return settings;
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return new ScriptedApplication().testResources();
    }
  }

  @BeforeEach
  void requireClaude() {
    RealCli.CLAUDE.requireInstalled();
  }

  private static RequestSpecification admin() {
    return given().header("Authorization", "Bearer " + ScriptedApplication.ADMIN_KEY);
  }

  private static void putsATurnIntoItsLine(String agent) {
    var session = "tools-" + UUID.randomUUID();
    String first =
        admin()
            .header("Prefer", "wait=60")
            .contentType(ContentType.JSON)
            .body(
                """
                {"agent":"%s","input":{"text":"[[fake:tool name=enqueue_followup input={\\"text\\":\\"come back\\"}]]"}}"""
                    .formatted(agent))
            .post("/v1/sessions/" + session + "/turns")
            .then()
            .statusCode(200)
            .body("state", equalTo("succeeded"))
            .extract()
            .path("answer.text");
    assertTrue(first.contains("come back"), first);

    Awaitility.await()
        .atMost(java.time.Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                admin()
                    .get("/v1/sessions/" + session + "/turns")
                    .then()
                    .body("items.state", equalTo(List.of("succeeded", "succeeded")))
                    .body("items[0].input.text", equalTo("come back")));
    assertEquals(List.of(), WAY_OUT.log());
  }

  @Test
  void oneForEachTurnPutsATurnIntoItsLine() {
    putsATurnIntoItsLine("demo");
  }

  @Test
  void livingOnePutsATurnIntoItsLine() {
    putsATurnIntoItsLine("kept");
  }
}
