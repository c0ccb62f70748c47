package dev.turnout.http;

import static dev.turnout.http.Api.accept;
import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.finish;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A caller may wait for the end of a turn, and may end it. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class WaitAndCancelIT {
  @AfterEach
  void leaveNothingRunning() {
    Api.endEverything();
  }

  @Test
  void aWaitThatSufficesAnswersWithTheFinishedTurn() {
    submit(admin().header("Prefer", "wait=30"), newSession(), says("pause 200"))
        .then()
        .statusCode(200)
        .header("Preference-Applied", equalTo("wait=30"))
        .header("Location", notNullValue())
        .body("state", equalTo("succeeded"))
        .body("answer.text", equalTo("answer to pause 200"))
        .body("usage", nullValue())
        .body("finishedAt", notNullValue());
  }

  @Test
  void aWaitThatDoesNotSufficeAnswersWithTheRunningTurn() {
    submit(admin().header("Prefer", "wait=1"), newSession(), says("hold"))
        .then()
        .statusCode(202)
        .header("Preference-Applied", equalTo("wait=1"))
        .body("state", equalTo("running"));
  }

  @Test
  void aWaitIsCutToAMinute() {
    submit(admin().header("Prefer", "respond-async, wait=3600"), newSession(), says("ok"))
        .then()
        .statusCode(200)
        .header("Preference-Applied", equalTo("wait=60"));
  }

  @Test
  void whoWaitsForARunningTurnHearsOfItsEnd() throws Exception {
    var turn = accept(newSession(), "hold");
    try (var threads = Executors.newSingleThreadExecutor()) {
      var waiting = threads.submit(() -> Api.await(turn));
      cancel(turn);

      var ended = waiting.get(30, TimeUnit.SECONDS);

      ended.then().statusCode(200).header("Preference-Applied", equalTo("wait=30"));
      assertEquals("cancelled", ended.path("state"));
    }
  }

  @Test
  void readingARunningTurnWithoutAWaitAnswersAtOnce() {
    var turn = accept(newSession(), "hold");

    admin()
        .get("/v1/turns/" + turn)
        .then()
        .statusCode(200)
        .header("Preference-Applied", nullValue())
        .body("state", equalTo("running"));
  }

  @Test
  void aRunningTurnIsToldAndEndsAMomentLater() {
    var turn = accept(newSession(), "hold");

    cancel(turn).then().statusCode(202);

    Api.await(turn)
        .then()
        .body("state", equalTo("cancelled"))
        .body("endedBy", nullValue())
        .body("failure", nullValue());
  }

  @Test
  void cancellingMayWaitForTheEnd() {
    var turn = accept(newSession(), "hold");

    admin()
        .header("Prefer", "wait=30")
        .post("/v1/turns/" + turn + "/cancel")
        .then()
        .statusCode(200)
        .header("Preference-Applied", equalTo("wait=30"))
        .body("state", equalTo("cancelled"));
  }

  @Test
  void aWaitingTurnEndsAtOnceAndTheOneBehindItMovesUp() {
    var session = newSession();
    var first = accept(session, "hold");
    var second = accept(session, "never runs");
    var third = accept(session, "ok");
    admin()
        .get("/v1/turns/" + third)
        .then()
        .body("position", equalTo(2))
        .body("blockedBy", equalTo(first));

    cancel(second).then().statusCode(200).body("state", equalTo("cancelled"));

    admin().get("/v1/turns/" + third).then().body("position", equalTo(1));
    cancel(first);
    Api.await(third).then().body("state", equalTo("succeeded"));
  }

  @Test
  void aDelayedTurnCanBeCancelled() {
    var session = newSession();
    String turn = submit(session, says("ok", "\"notBefore\":\"2096-01-01T00:00:00Z\"")).path("id");

    cancel(turn).then().statusCode(200).body("state", equalTo("cancelled"));
  }

  @Test
  void aTurnThatEndedOtherwiseCannotBeCancelled() {
    String turn = finish(newSession(), "ok").path("id");

    Refusals.check(cancel(turn), ProblemType.TURN_OVER, null);
    admin().get("/v1/turns/" + turn).then().body("state", equalTo("succeeded"));
  }

  @Test
  void cancellingTwiceIsCancellingOnce() {
    var turn = accept(newSession(), "hold");
    cancel(turn);
    Api.await(turn);

    cancel(turn).then().statusCode(200).body("state", equalTo("cancelled"));
  }

  @Test
  void whatWasSaidBeforeACancelIsKept() throws Exception {
    var turn = accept(newSession(), "say half;hold");
    try (var events = EventReader.of(turn)) {
      events.until("output");
    }

    cancel(turn);

    Api.await(turn).then().body("partial", equalTo("half")).body("answer", nullValue());
  }

  private static Response cancel(String turn) {
    return admin().post("/v1/turns/" + turn + "/cancel");
  }
}
