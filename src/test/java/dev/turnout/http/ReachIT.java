package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static dev.turnout.testing.Patience.await;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.cooldown.Cooldowns;
import dev.turnout.testing.OperatedApplication;
import dev.turnout.testing.ScriptedBackend;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators see and do of candidates that stand in no agent's general chain. */
@QuarkusTest
@TestProfile(OperatedApplication.class)
class ReachIT {
  private static final String COOLDOWNS = "/admin/v1/cooldowns";
  private static final String KINDS =
      """
      {"agents":{"kinds":{
        "chain":[{"backend":"cli"}],
        "context-overflow-chain":[{"backend":"api","model":"wide","auth-profile":"absent"}],
        "content-policy-chain":[{"backend":"lost","auth-profile":"absent"}]}},
       "auth-profiles":{
         "closed":{"provider":"x","secret":"env:X","enabled":false},
         "elsewhere":{"provider":"x","secret":"env:X","runtimes":["api"]}}}
      """;

  @Inject ScriptedBackend backend;
  @Inject Cooldowns cooldowns;

  @BeforeEach
  void configure() throws IOException {
    Files.createDirectories(OperatedApplication.SECRET.getParent());
    Files.writeString(OperatedApplication.SECRET, "a-secret");
    patch(KINDS);
  }

  @AfterEach
  void leaveNothing() {
    for (var id : admin().get(COOLDOWNS).<List<String>>path("items.id")) {
      admin().delete(COOLDOWNS + "/" + id + "?why=test");
    }
    patch("{\"agents\":null,\"auth-profiles\":null,\"backends\":null,\"cooldown\":null}");
  }

  private static void patch(String document) {
    ConfigIT.based(ConfigIT.etag()).body(document).patch(ConfigIT.PATH).then().statusCode(200);
  }

  private static Response make(String fields) {
    return admin()
        .contentType(ContentType.JSON)
        .body("{\"why\":\"a test\",\"forSeconds\":600," + fields + "}")
        .post(COOLDOWNS)
        .then()
        .statusCode(201)
        .extract()
        .response();
  }

  private static Response probe(Response cooldown, String body) {
    return admin()
        .contentType(ContentType.JSON)
        .body(body)
        .post(COOLDOWNS + "/" + cooldown.path("id") + "/probe");
  }

  @Test
  void candidatesOfChainsForKindsAreShownWhereverThoseOfTheChainAre() {
    var cooldown = make("\"reason\":\"billing\",\"account\":\"absent\",\"runtime\":\"api\"");

    assertEquals(List.of("kinds"), cooldown.path("covers.agent"));
    assertEquals(List.of("wide"), cooldown.path("covers.candidate.model"));
    assertEquals(
        List.of("kinds", "kinds"),
        admin().get("/admin/v1/auth-profiles/absent").path("usedBy.agent"));
    var api = admin().get("/admin/v1/backends/api");
    assertTrue(api.<List<String>>path("models").contains("wide"));
    assertEquals(List.of(cooldown.<String>path("id")), api.path("cooldowns.id"));
    assertEquals("answered", probe(cooldown, "{}").path("outcome"));
  }

  @Test
  void whatOnlyCallersChooseIsShownAndCanBeProbed() {
    var cooldown = make("\"reason\":\"billing\",\"account\":\"~demo\",\"runtime\":\"cli\"");
    // The agent demo is always there, and asks demo.
    assertEquals(List.of("demo"), cooldown.path("covers.agent"));

    var spare = make("\"reason\":\"billing\",\"account\":\"~lost\",\"runtime\":\"cli\"");
    assertEquals(List.of("lost"), spare.path("covers.candidate.backend"));
    assertNull(spare.path("covers[0].agent"));
    assertEquals("lost", probe(spare, "{}").path("candidate.backend"));
  }

  @Test
  void probeAsksNobodyWithACredentialThatIsOutOfUse() {
    var cooldown = make("\"reason\":\"billing\",\"account\":\"closed\",\"runtime\":\"cli\"");
    backend.requests.clear();

    var refused =
        probe(cooldown, "{\"candidate\":{\"backend\":\"cli\",\"authProfile\":\"closed\"}}");

    Refusals.check(refused, ProblemType.PROBE_FORBIDDEN, null);
    refused.then().body("detail", containsString("closed is disabled"));
    assertEquals(List.of(), backend.requests);
    assertEquals(
        List.of("refused"),
        admin()
            .get("/admin/v1/audit?action=cooldown.probe&target=" + cooldown.path("id"))
            .path("items.result"));
    // Nobody holds the right to go first.
    assertNull(admin().get(COOLDOWNS + "/" + cooldown.path("id")).path("probe"));
  }

  @Test
  void probeAsksNobodyWithACredentialOfAnotherRuntime() {
    var cooldown = make("\"reason\":\"billing\",\"account\":\"elsewhere\",\"runtime\":\"cli\"");
    backend.requests.clear();

    var refused =
        probe(cooldown, "{\"candidate\":{\"backend\":\"cli\",\"authProfile\":\"elsewhere\"}}");

    Refusals.check(refused, ProblemType.PROBE_FORBIDDEN, null);
    assertEquals(List.of(), backend.requests);
  }

  @Test
  void drillOfACredentialThatTheBackendNeverUsesIsRefused() {
    Refusals.check(
        admin()
            .contentType(ContentType.JSON)
            .body(
                "{\"backend\":\"cli\",\"authProfile\":\"elsewhere\",\"reason\":\"billing\",\"turns\":1}")
            .post("/admin/v1/fault-drills"),
        ProblemType.INVALID_FIELD,
        "/authProfile");
  }

  @Test
  void cooldownByHandCountsByTheTableInForce() {
    patch("{\"cooldown\":{\"overloaded\":{\"after\":7}}}");

    var cooldown = make("\"reason\":\"overloaded\",\"backend\":\"api\",\"model\":\"big\"");

    assertEquals(7, cooldown.<Integer>path("failures"));
  }

  @Test
  void otherSettingsOfTheBackendEndAModelThatWasNotThere() {
    var session = newSession();
    submit(
            admin().header("Prefer", "wait=30"),
            session,
            says("only big fail 404;ok", "\"backend\":\"api\",\"model\":\"big\""))
        .then()
        .statusCode(200);
    String id = admin().get(COOLDOWNS + "?scope=model").path("items[0].id");
    var key = cooldowns.find(UUID.fromString(id)).orElseThrow().key();

    patch("{\"lanes\":{\"aside\":{\"width\":2}}}");
    // Another part of the settings cures nothing.
    assertTrue(cooldowns.find(UUID.fromString(id)).isPresent());
    patch("{\"lanes\":null,\"backends\":{\"api\":{\"base-url\":\"http://127.0.0.1:9/other\"}}}");

    await().until(() -> admin().get(COOLDOWNS + "/" + id).statusCode() == 404);
    assertEquals(
        List.of("rested", "config_changed"),
        cooldowns.history(key, 100).stream()
            .filter(change -> change.cooldown().toString().equals(id))
            .map(change -> change.kind().code())
            .toList());
  }
}
