package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.finish;
import static dev.turnout.http.Api.newSession;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.grant.AgentDoor;
import dev.turnout.grant.AgentGrants;
import dev.turnout.livesession.OwnerLedger;
import dev.turnout.settings.AgentTools.OwnTools;
import dev.turnout.testing.AgentApplication;
import dev.turnout.testing.Patience;
import dev.turnout.testing.ScriptedApplication;
import dev.turnout.turn.SessionId;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Turnout's own tools, called by real processes of the demo agent and by whoever knocks. */
@QuarkusTest
@TestProfile(AgentApplication.class)
class AgentToolsIT {
  private static final String HELLO =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",
       "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""";

  @Inject AgentGrants grants;
  @Inject AgentDoor door;
  @Inject OwnerLedger ledger;

  private Response knock(String token) {
    return given()
        .header("Authorization", "Bearer " + token)
        .header("Accept", "application/json, text/event-stream")
        .contentType(ContentType.JSON)
        .body(HELLO)
        .post(door.mcp().orElseThrow());
  }

  private static List<String> inputs(String session) {
    return admin().get("/v1/sessions/" + session + "/turns").path("items.input.text");
  }

  private static void callsAToolThatPutsATurnIntoTheLine(String agent) {
    var session = newSession();
    var answer =
        Api.submit(
                admin().header("Prefer", "wait=30"),
                session,
                "{\"input\":{\"text\":\"mcp enqueue_followup {\\\"text\\\":\\\"come back\\\"}\"},"
                    + "\"agent\":\""
                    + agent
                    + "\",\"metadata\":{\"channel\":\"c1\"}}")
            .then()
            .statusCode(200)
            .body("state", equalTo("succeeded"))
            .extract();
    String first = answer.path("id");

    Patience.await()
        .untilAsserted(
            () ->
                admin()
                    .get("/v1/sessions/" + session + "/turns")
                    .then()
                    .body("items.size()", equalTo(2))
                    .body("items.state", equalTo(List.of("succeeded", "succeeded")))
                    .body("items[0].input.text", equalTo("come back"))
                    .body("items[0].agent", equalTo(agent))
                    .body("items[0].metadata.channel", equalTo("c1"))
                    .body("items[0].metadata.'turnout.enqueued-by'", equalTo(first))
                    .body("items[0].metadata.'turnout.chain'", equalTo("1")));
  }

  @Test
  void livingAgentPutsATurnIntoItsOwnLine() {
    callsAToolThatPutsATurnIntoTheLine("living");
  }

  @Test
  void agentThatIsStartedForEachTurnDoesToo() {
    callsAToolThatPutsATurnIntoTheLine("alone");
  }

  @Test
  void agentSeesItsOwnSessionAndNoOther() {
    var other = newSession();
    finish(other, "a secret of another session");
    var mine = newSession();

    String status = finish(mine, "mcp session_status").path("answer.text");
    String queue = finish(mine, "mcp queue_status").path("answer.text");

    assertTrue(status.contains(mine), status);
    assertTrue(queue.contains("mcp queue_status"), queue);
    assertFalse((status + queue).contains(other), status + queue);
    assertFalse((status + queue).contains("a secret of another"), status + queue);
    assertEquals(2, inputs(mine).size());
  }

  @Test
  void delayedTurnWaitsForItsTime() {
    var session = newSession();
    Api.submit(
            admin().header("Prefer", "wait=30"),
            session,
            "{\"input\":{\"text\":\"mcp enqueue_followup {\\\"text\\\":\\\"later\\\",\\\"notBefore\\\":\\\"PT1H\\\"}\"}}")
        .then()
        .statusCode(200);

    admin()
        .get("/v1/sessions/" + session + "/turns")
        .then()
        .body("items.state", hasItem("queued"))
        .body("items.input.text", hasItem("later"));
    admin().post("/v1/sessions/" + session + "/abort");
  }

  @Test
  void agentCannotGoOnForEver() {
    var session = newSession();
    // Each turn asks for the next one; the limit in this application is three in a row.
    var text = "mcp enqueue_followup {\"text\":\"x\"}";
    for (int depth = 0; depth < 3; depth++) {
      text =
          "mcp enqueue_followup {\"text\":\""
              + text.replace("\\", "\\\\").replace("\"", "\\\"")
              + "\"}";
    }
    var body = new com.fasterxml.jackson.databind.node.TextNode(text).toString();
    Api.submit(session, "{\"input\":{\"text\":" + body + "}}").then().statusCode(202);

    Patience.await()
        .untilAsserted(
            () ->
                admin()
                    .get("/v1/sessions/" + session + "/turns")
                    .then()
                    .body("items.size()", equalTo(4))
                    .body("items[0].state", equalTo("succeeded")));
    String last = admin().get("/v1/sessions/" + session + "/turns").path("items[0].answer.text");
    assertTrue(last.contains("a person has to go on"), last);
  }

  @Test
  void tokenOpensUntilItsOwnerEndsAndNothingElse() throws IOException {
    var belongings = ledger.open("test");
    var token = grants.issue(new SessionId(1), new OwnTools(1, 1), belongings);
    knock(token).then().statusCode(200);
    given().header("Authorization", "Bearer " + token).get("/v1/sessions").then().statusCode(401);

    belongings.close();

    knock(token).then().statusCode(401);
    assertEquals("invalid_key", knock(token).path("code"));
  }

  @Test
  void apiKeyAndNoKeyOpenNothingThere() {
    knock(ScriptedApplication.ADMIN_KEY).then().statusCode(401);
    given()
        .contentType(ContentType.JSON)
        .body(HELLO)
        .post(door.mcp().orElseThrow())
        .then()
        .statusCode(401);
    given().get(door.mcp().orElseThrow() + "/sse").then().statusCode(401);
  }

  @Test
  void pageInABrowserIsNotLetIn() throws IOException {
    try (var belongings = ledger.open("test")) {
      var token = grants.issue(new SessionId(1), new OwnTools(1, 1), belongings);

      given()
          .header("Authorization", "Bearer " + token)
          .header("Origin", "http://127.0.0.1")
          .contentType(ContentType.JSON)
          .body(HELLO)
          .post(door.mcp().orElseThrow())
          .then()
          .statusCode(401);
    }
  }
}
