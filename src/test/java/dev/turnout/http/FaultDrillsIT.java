package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.finish;
import static dev.turnout.http.Api.newKey;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.with;
import static dev.turnout.http.ProblemType.FAULT_DRILL_NOT_FOUND;
import static dev.turnout.http.ProblemType.INVALID_FIELD;
import static dev.turnout.http.ProblemType.SCOPE_MISSING;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fault drills as a resource. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class FaultDrillsIT {
  private static final String DRILLS = "/admin/v1/fault-drills";

  private static Response order(String body) {
    return admin().contentType(ContentType.JSON).body(body).post(DRILLS);
  }

  /** For one session alone: other tests run beside this one. */
  private static Response order(String session, String more) {
    return order(
        "{\"backend\":\"demo\",\"reason\":\"billing\",\"sessions\":[\""
            + session
            + "\"]"
            + more
            + "}");
  }

  @Test
  void anOrderedFailureIsToldWithItsDrillUntilTheDrillIsEnded() {
    var session = newSession();
    var made = order(session, ",\"seconds\":60,\"note\":\"friday\"");
    made.then().statusCode(201).body("state", equalTo("active")).body("turns", nullValue());
    String id = made.path("id");
    assertEquals(DRILLS + "/" + id, made.header("Location"));

    finish(session, "ok")
        .then()
        .body("state", equalTo("failed"))
        .body("failure.reason", equalTo("billing"))
        .body("failure.rule", equalTo("drill." + id))
        .body("attempts[0].failure.summary", startsWith("drill: "));
    finish(newSession(), "ok").then().body("state", equalTo("succeeded"));
    admin().get(DRILLS + "/" + id).then().statusCode(200).body("hits", equalTo(1));

    admin().delete(DRILLS + "/" + id).then().statusCode(204);
    finish(session, "ok").then().body("state", equalTo("succeeded"));
    admin()
        .get(DRILLS + "/" + id)
        .then()
        .body("state", equalTo("ended"))
        .body("endedAt", notNullValue());
    admin().delete(DRILLS + "/" + id).then().statusCode(204);
  }

  @Test
  void itEndsWithItsTurnsAndStaysInTheList() {
    var session = newSession();
    String older = order(session, ",\"turns\":1").path("id");
    finish(session, "ok").then().body("state", equalTo("failed"));
    finish(session, "ok").then().body("state", equalTo("succeeded"));
    String newer = order(session, ",\"turns\":1").path("id");

    admin().get(DRILLS).then().body("items.id", hasItem(older)).body("items.id", hasItem(newer));
    var first = admin().get(DRILLS + "?limit=1");
    assertEquals(List.of(newer), first.path("items.id"));
    admin()
        .get(DRILLS + "?limit=1&cursor=" + first.path("next"))
        .then()
        .body("items.id", equalTo(List.of(older)))
        .body("items[0].state", equalTo("used_up"))
        .body("items[0].turnsLeft", equalTo(0));
    admin().delete(DRILLS + "/" + newer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"reason":"billing","turns":1}                                     | /backend
          {"backend":"nobody","reason":"billing","turns":1}                  | /backend
          {"authProfile":"nobody","reason":"billing","turns":1}              | /authProfile
          {"backend":"demo","turns":1}                                       | /reason
          {"backend":"demo","reason":"bad_mood","turns":1}                   | /reason
          {"backend":"demo","reason":"cancelled","turns":1}                  | /reason
          {"backend":"demo","reason":"billing"}                              | /turns
          {"backend":"demo","reason":"billing","turns":0}                    | /turns
          {"backend":"demo","reason":"billing","seconds":86401}              | /seconds
          {"backend":"demo","reason":"billing","turns":1,"sessions":[]}      | /sessions
          {"backend":"demo","reason":"billing","turns":1,"sessions":["a",""]} | /sessions/1
          {"backend":"demo","reason":"billing","turns":1,"agents":["nobody"]} | /agents/0
          """)
  void anOrderThatDoesNotHoldIsRefused(String body, String place) {
    Refusals.check(order(body), INVALID_FIELD, place);
  }

  @Test
  void whatIsNotThereIsNotFoundAndOthersThanOperatorsOrderNothing() {
    for (var id : List.of(UUID.randomUUID().toString(), "7")) {
      Refusals.check(admin().get(DRILLS + "/" + id), FAULT_DRILL_NOT_FOUND, null);
      Refusals.check(admin().delete(DRILLS + "/" + id), FAULT_DRILL_NOT_FOUND, null);
    }
    var caller = with(newKey("default", "turns", "read"));
    Refusals.check(caller.get(DRILLS), SCOPE_MISSING, null);
  }
}
