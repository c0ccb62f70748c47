package dev.turnout.http;

import static dev.turnout.http.Api.accept;
import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a turn asks for when its session is busy, or not yet, or no longer of use. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class BusyModesIT {
  @AfterEach
  void leaveNothingRunning() {
    Api.endEverything();
  }

  @Test
  void aFollowUpWaitsBehindTheOthers() {
    var session = newSession();
    var first = accept(session, "hold");

    var second = submit(session, says("ok"));

    second
        .then()
        .statusCode(202)
        .body("state", equalTo("queued"))
        .body("seq", equalTo(2))
        .body("position", equalTo(1))
        .body("blockedBy", equalTo(first));
    cancel(first);
    Api.await(second.path("id")).then().body("state", equalTo("succeeded"));
  }

  @Test
  void aTurnThatAsksToBeRefusedIsRefusedByABusySession() {
    var session = newSession();
    var body = says("ok", "\"mode\":\"reject\"");
    submit(admin().header("Prefer", "wait=30"), session, body).then().statusCode(200);
    accept(session, "hold");

    var refused = submit(session, body);

    Refusals.check(refused, ProblemType.SESSION_BUSY, null);
    refused.then().body("retryable", equalTo(true));
  }

  @Test
  void anInterruptEndsWhatRunsAndDropsWhatWaits() {
    var session = newSession();
    var running = accept(session, "hold");
    var waiting = accept(session, "never");

    var submitted = submit(session, says("ok", "\"mode\":\"interrupt\""));

    submitted.then().statusCode(202);
    String interrupt = submitted.path("id");
    Api.await(interrupt).then().body("state", equalTo("succeeded"));
    Api.await(running)
        .then()
        .body("state", equalTo("cancelled"))
        .body("endedBy", equalTo(interrupt));
    Api.await(waiting).then().body("state", equalTo("dropped")).body("endedBy", equalTo(interrupt));
  }

  @Test
  void aFullSessionTakesNoMore() {
    var session = newSession();
    for (int i = 0; i < ScriptedApplication.SESSION_CAP; i++) {
      accept(session, "hold");
    }

    var refused = submit(session, says("ok"));

    Refusals.check(refused, ProblemType.QUEUE_FULL, null);
    refused.then().header("Retry-After", notNullValue()).body("retryable", equalTo(true));
  }

  @Test
  void aDelayedTurnSaysWhenItMayStart() {
    var session = newSession();
    var due = Instant.parse("2096-01-01T00:00:00.123Z");

    var delayed = submit(session, says("ok", "\"notBefore\":\"" + due + "\""));

    delayed
        .then()
        .statusCode(202)
        .body("state", equalTo("queued"))
        .body("seq", nullValue())
        .body("position", nullValue());
    assertEquals(due, Instant.parse(delayed.path("earliestStart")));
  }

  @Test
  void aDelayedTurnDoesNotStartBeforeItsTime() {
    var due = Instant.now().plusMillis(1_500);
    var delayed = submit(newSession(), says("ok", "\"notBefore\":\"" + due + "\""));

    var ended = Api.await(delayed.path("id"));

    assertEquals("succeeded", ended.path("state"));
    assertTrue(!Instant.parse(ended.path("startedAt")).isBefore(due));
  }

  @Test
  void othersPassADelayedTurn() {
    var session = newSession();
    submit(session, says("ok", "\"notBefore\":\"2096-01-01T00:00:00Z\"")).then().statusCode(202);

    submit(admin().header("Prefer", "wait=30"), session, says("ok"))
        .then()
        .statusCode(200)
        .body("seq", equalTo(1));
  }

  @Test
  void aTurnThatDoesNotStartInTimeExpires() {
    var session = newSession();
    accept(session, "hold");
    var late = Instant.now().plusSeconds(5);

    var submitted = submit(session, says("never", "\"expiresAt\":\"" + late + "\""));

    Api.await(submitted.path("id"))
        .then()
        .body("state", equalTo("expired"))
        .body("startedAt", nullValue())
        .body("finishedAt", notNullValue());
  }

  @Test
  void aTurnThatStartedInTimeRunsToItsEnd() {
    var late = Instant.now().plusSeconds(5);

    submit(
            admin().header("Prefer", "wait=30"),
            newSession(),
            says("pause 5500", "\"expiresAt\":\"" + late + "\""))
        .then()
        .statusCode(200)
        .body("state", equalTo("succeeded"));
  }

  private static void cancel(String turn) {
    admin().post("/v1/turns/" + turn + "/cancel");
  }
}
