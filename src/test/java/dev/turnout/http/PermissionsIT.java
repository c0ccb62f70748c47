package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.newKey;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.with;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.testing.AskingApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever follows a turn says whether its agent may: real processes of the demo agent. */
@QuarkusTest
@TestProfile(AskingApplication.class)
@Timeout(120)
class PermissionsIT {
  @AfterEach
  void endEverything() {
    Api.endEverything();
  }

  private static Response answer(
      RequestSpecification request, String turn, String question, String body) {
    return request
        .contentType(ContentType.JSON)
        .body(body)
        .post("/v1/turns/" + turn + "/permissions/" + question);
  }

  private static Response allow(String turn, String question) {
    return answer(admin(), turn, question, "{\"decision\":\"allow\"}");
  }

  private static String accept(String agent, String text) {
    return Api.submit(newSession(), says(text, "\"agent\":\"" + agent + "\""))
        .then()
        .statusCode(202)
        .extract()
        .path("id");
  }

  private static String questionOf(String turn) throws IOException, InterruptedException {
    try (var events = EventReader.of(turn)) {
      return events.until("permission_asked").getLast().json().getString("data.question");
    }
  }

  private static List<EventReader.Event> eventsOf(String turn)
      throws IOException, InterruptedException {
    try (var events = EventReader.of(turn)) {
      return events.rest();
    }
  }

  @Test
  void questionIsShownAnsweredOnceAndTheToolIsUsed() throws IOException, InterruptedException {
    var turn = accept("asking", "ask rm -rf password=hunter2hunter2");
    var question = questionOf(turn);
    admin()
        .get("/v1/turns/" + turn)
        .then()
        .body("state", equalTo("running"))
        .body("permissions.size()", equalTo(1))
        .body("permissions[0].question", equalTo(question))
        .body("permissions[0].tool", equalTo("rm"))
        .body("permissions[0].description", equalTo("-rf password=[redacted]"))
        .body("permissions[0].options", equalTo(List.of("allow", "deny")));

    answer(admin(), turn, question, "{\"decision\":\"perhaps\"}")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/decision"));
    answer(admin(), turn, question, "{}").then().statusCode(400);
    allow(turn, "another").then().statusCode(404).body("code", equalTo("question_not_found"));
    allow("01a1fd08-807e-763f-b5e4-6eeb9c21c2c7", question).then().statusCode(404);
    answer(with(newKey("default", "read")), turn, question, "{\"decision\":\"allow\"}")
        .then()
        .statusCode(403);
    allow(turn, question).then().statusCode(204);
    allow(turn, question).then().statusCode(409).body("code", equalTo("question_answered"));

    admin()
        .header("Prefer", "wait=30")
        .get("/v1/turns/" + turn)
        .then()
        .body("state", equalTo("succeeded"))
        .body("permissions", nullValue())
        .body("answer.text", containsString("used rm"));
    var told = eventsOf(turn).stream().filter(e -> e.type().equals("permission_answered")).toList();
    assertEquals(1, told.size());
    assertEquals("allowed", told.getFirst().json().getString("data.outcome"));
    assertEquals(question, told.getFirst().json().getString("data.question"));
  }

  @Test
  void whoMayNotIsToldWhy() throws IOException, InterruptedException {
    var turn = accept("asking", "ask rm");

    answer(admin(), turn, questionOf(turn), "{\"decision\":\"deny\",\"reason\":\"not today\"}")
        .then()
        .statusCode(204);

    admin()
        .header("Prefer", "wait=30")
        .get("/v1/turns/" + turn)
        .then()
        .body("answer.text", containsString("did not use rm: not today"));
  }

  @Test
  void deadlineIsANoThatTheStreamTellsOf() throws IOException, InterruptedException {
    var turn = accept("hasty", "ask rm");
    var question = questionOf(turn);

    var last = eventsOf(turn);

    var told = last.stream().filter(e -> e.type().equals("permission_answered")).toList();
    assertEquals("expired", told.getFirst().json().getString("data.outcome"));
    admin()
        .get("/v1/turns/" + turn)
        .then()
        .body("answer.text", containsString("did not use rm: Nobody answered in time."));
    allow(turn, question).then().statusCode(409);
  }

  @Test
  void agentsOwnRulesAndAProcessThatCannotAskNeedNobody() {
    for (var agent : List.of("strict", "alone")) {
      var turn = accept(agent, "ask rm");

      admin()
          .header("Prefer", "wait=30")
          .get("/v1/turns/" + turn)
          .then()
          .body("state", equalTo("succeeded"))
          .body("answer.text", containsString("did not use rm"));
    }
  }

  @Test
  void cancelledTurnsQuestionIsWithdrawn() throws IOException, InterruptedException {
    var turn = accept("asking", "ask rm");
    var question = questionOf(turn);

    admin().header("Prefer", "wait=30").post("/v1/turns/" + turn + "/cancel");

    var told = eventsOf(turn).stream().filter(e -> e.type().equals("permission_answered")).toList();
    assertEquals("withdrawn", told.getFirst().json().getString("data.outcome"));
    allow(turn, question).then().statusCode(409);
  }
}
