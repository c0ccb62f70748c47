package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.finish;
import static dev.turnout.http.Api.newSession;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.livesession.DirectoryTree;
import dev.turnout.testing.AgentApplication;
import dev.turnout.testing.Patience;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Turns and the processes that serve them, each seen from the other. */
@QuarkusTest
@TestProfile(AgentApplication.class)
class LiveTurnsIT {
  private static final String ALL = "/admin/v1/live-sessions";

  @AfterEach
  void leaveNothing() {
    configure("{\"backends\":null}");
  }

  private static void configure(String patch) {
    ConfigIT.based(ConfigIT.etag()).body(patch).patch("/admin/v1/config").then().statusCode(200);
  }

  private static Response drain(String body) {
    return admin().contentType(ContentType.JSON).body(body).post(ALL + "/drain");
  }

  private static String process(Response turn) {
    return turn.path("attempts[0].live.id");
  }

  private static List<String> warm() {
    return admin().get(ALL).path("items.findAll { it.state == 'warm' && it.pid != null }.id");
  }

  @Test
  void aTurnNamesItsProcessAndTheProcessItsTurn() {
    var session = newSession();
    var first = finish(session, "hello");
    var second = finish(session, "again");

    assertEquals(process(first), process(second));
    assertEquals(false, first.path("attempts[0].live.reused"));
    assertEquals(true, second.path("attempts[0].live.reused"));
    String events = admin().get("/v1/turns/" + second.path("id") + "/events").asString();
    assertTrue(events.contains("event: live_process"), events);
    assertTrue(events.contains("\"process\":\"kept\""), events);
    admin()
        .get(ALL + "/" + process(second))
        .then()
        .statusCode(200)
        .body("session", equalTo(session))
        .body("tenant", equalTo("default"))
        .body("agent", equalTo("living"))
        .body("turn", equalTo(second.<String>path("id")))
        .body("runningTurn", nullValue())
        .body("nextTurnDiffers", equalTo(List.of()))
        .body("survivors", equalTo(List.of()));
  }

  @Test
  void processIsShownWithWhatTheNextTurnWouldWantOtherwise() {
    var session = newSession();
    var before = process(finish(session, "hello"));

    configure("{\"backends\":{\"living\":{\"environment\":{\"COLOUR\":\"blue\"}}}}");

    admin()
        .get(ALL + "/" + before)
        .then()
        .body("state", equalTo("ready"))
        .body("changed", equalTo(List.of()))
        .body("nextTurnDiffers", equalTo(List.of("environment")));
    assertNotEquals(before, process(finish(session, "again")));
    admin()
        .get(ALL + "/" + before)
        .then()
        .body("closeReason", equalTo("stale"))
        .body("nextTurnDiffers", nullValue());
  }

  @Test
  void lookAtAProcessDoesNotBringBackItsDirectories() {
    var process = process(finish(newSession(), "hello"));
    String home =
        admin().get(ALL + "/" + process).path("resources.find { it.kind == 'home' }.name");
    var work = Path.of(home).resolveSibling("work");
    assertTrue(DirectoryTree.delete(Path.of(home)));
    assertTrue(DirectoryTree.delete(work));

    admin()
        .get(ALL + "/" + process)
        .then()
        .statusCode(200)
        .body("nextTurnDiffers", equalTo(List.of()));

    assertFalse(Files.exists(Path.of(home)));
    assertFalse(Files.exists(work));
  }

  @Test
  void firstTurnOfASessionTakesAProcessThatWaitsAndItsToolsWorkThere() {
    configure("{\"backends\":{\"living\":{\"live\":{\"warm\":1}}}}");
    Patience.await().until(() -> warm().size() == 1);
    var waiting = warm().getFirst();
    admin().get(ALL + "/" + waiting).then().body("turn", nullValue()).body("session", nullValue());
    var session = newSession();

    var first = finish(session, "mcp session_status");

    assertEquals(waiting, process(first));
    assertEquals(true, first.path("attempts[0].live.reused"));
    String status = first.path("answer.text");
    assertTrue(status.contains(session), status);
    admin().post(ALL + "/" + waiting + "/close").then().statusCode(204);
    var second = finish(session, "recall");
    assertNotEquals(waiting, process(second));
    String remembered = second.path("answer.text");
    assertTrue(remembered.contains("mcp session_status"), remembered);
    Patience.await().until(() -> warm().size() == 1);
    configure("{\"backends\":null}");
    Patience.await().until(() -> warm().isEmpty());
  }

  @Test
  void allProcessesOfAnAgentOrABackendEndWhenTheyAreDrained() {
    for (var what : List.of("agent", "backend")) {
      var session = newSession();
      var before = process(finish(session, "hello"));

      drain("{\"" + what + "\":\"living\",\"reason\":\"new certificate\"}")
          .then()
          .statusCode(200)
          .body("processes", greaterThan(0));

      admin().get(ALL + "/" + before).then().body("closeReason", equalTo("recycled"));
      assertNotEquals(before, process(finish(session, "again")));
      admin()
          .get("/admin/v1/audit?limit=1&action=live_session.drain")
          .then()
          .body("items[0].target", equalTo(what + "/living"));
    }
  }

  @Test
  void drainNamesOneThingThatThereIs() {
    for (var body : List.of("{}", "{\"agent\":\"living\",\"backend\":\"living\"}")) {
      drain(body).then().statusCode(400).body("errors[0].pointer", equalTo(""));
    }
    drain("{\"agent\":\"nobody\"}")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/agent"));
    drain("{\"backend\":\"nothing\"}")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/backend"));
    drain("{\"bakend\":\"living\"}")
        .then()
        .statusCode(400)
        .body("detail", not(containsString("null")));
    Api.with(Api.newKey("default", "turns", "read"))
        .contentType(ContentType.JSON)
        .body("{\"backend\":\"living\"}")
        .post(ALL + "/drain")
        .then()
        .statusCode(403);
  }
}
