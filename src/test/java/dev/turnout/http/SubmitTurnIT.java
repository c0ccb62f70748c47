package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A turn comes in over HTTP, and comes to its end. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class SubmitTurnIT {
  @AfterEach
  void leaveNothingRunning() {
    Api.endEverything();
  }

  @Test
  void anAcceptedTurnIsFoundWhereTheLocationSays() {
    var session = newSession();

    var accepted = submit(session, says("hold"));

    accepted.then().statusCode(202).body("state", equalTo("running")).body("seq", equalTo(1));
    assertEquals(accepted.path("links.self"), accepted.header("Location"));
    admin()
        .get(accepted.header("Location"))
        .then()
        .statusCode(200)
        .body("session", equalTo(session))
        .body("input.text", equalTo("hold"))
        .body("finishedAt", nullValue());
  }
}
