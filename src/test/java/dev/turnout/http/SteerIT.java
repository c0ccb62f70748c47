package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.await;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.testing.AskingApplication;
import dev.turnout.testing.Patience;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Turns of mode {@code steer}, into real processes of the demo agent. */
@QuarkusTest
@TestProfile(AskingApplication.class)
@Timeout(120)
class SteerIT {
  @AfterEach
  void endEverything() {
    Api.endEverything();
  }

  private static String accept(String session, String text, String fields) {
    return Api.submit(session, says(text, fields)).then().statusCode(202).extract().path("id");
  }

  private static void awaitOutput(String turn) throws IOException, InterruptedException {
    try (var events = EventReader.of(turn)) {
      events.until("output");
    }
  }

  @Test
  void messageReachesTheProcessThatWorks() throws IOException, InterruptedException {
    var session = newSession();
    var running = accept(session, "words 1\\nsleep 5", "\"agent\":\"asking\"");
    awaitOutput(running);

    var steering = accept(session, "and look here", "\"mode\":\"steer\"");

    await(steering).then().body("state", equalTo("merged")).body("mergedInto", equalTo(running));
    await(running)
        .then()
        .body("state", equalTo("succeeded"))
        .body("answer.text", containsString("You said: and look here"));
    try (var events = EventReader.of(running)) {
      var steered = events.until("steered").getLast();
      assertEquals(steering, steered.json().getString("data.by"));
    }
    var next = accept(session, "recall", "\"agent\":\"asking\"");
    await(next).then().body("answer.text", containsString("sleep 5 and look here"));
  }

  @Test
  void processOfOneTurnCannotBeSpokenToAndTheTurnFollows() throws Exception {
    var session = newSession();
    var running = accept(session, "words 1\\nsleep 5", "\"agent\":\"alone\"");
    awaitOutput(running);

    var steering = accept(session, "later", "\"mode\":\"steer\",\"agent\":\"alone\"");

    Patience.await()
        .untilAsserted(
            () ->
                admin()
                    .get("/v1/turns/" + steering)
                    .then()
                    .body("notSteered", equalTo("no_living_process")));
    await(running).then().body("state", equalTo("succeeded"));
    await(steering)
        .then()
        .body("state", equalTo("succeeded"))
        .body("notSteered", equalTo("no_living_process"))
        .body("answer.text", containsString("You said: later"));
  }
}
