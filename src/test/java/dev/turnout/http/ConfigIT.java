package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.finish;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static dev.turnout.testing.Patience.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The runtime configuration over HTTP: what is written is in force, and nothing else is. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class ConfigIT {
  static final String PATH = "/admin/v1/config";
  private static final String MERGE_PATCH = "application/merge-patch+json";

  @Inject DataSource database;

  @AfterEach
  void leaveNothing() {
    Api.endEverything();
    patch("{\"agents\":null,\"lanes\":null,\"queue\":null,\"http\":null,\"classification\":null}");
  }

  static String etag() {
    return admin().get(PATH).header("ETag");
  }

  static RequestSpecification based(String etag) {
    return admin().header("If-Match", etag).contentType(MERGE_PATCH);
  }

  private static Response patch(String body) {
    return based(etag()).body(body).patch(PATH);
  }

  @Test
  void whatIsPatchedIsInForceForTheNextTurn() {
    patch("{\"agents\":{\"second\":{\"chain\":[{\"backend\":\"demo\",\"model\":\"m\"}]}}}")
        .then()
        .statusCode(200)
        .body("written", equalTo(true))
        .body("changes[0].pointer", equalTo("/agents/second/chain"))
        .header("ETag", etag());

    var turn =
        submit(
            admin().header("Prefer", "wait=30"), newSession(), says("ok", "\"agent\":\"second\""));
    turn.then()
        .statusCode(200)
        .body("attempts[0].model", equalTo("m"))
        .body("configRevision", equalTo(Integer.valueOf(etag().replace("\"", ""))));

    patch("{\"agents\":null}").then().statusCode(200);
    submit(newSession(), says("ok", "\"agent\":\"second\"")).then().statusCode(400);
  }

  @Test
  void limitsOfTheDoorFollow() {
    patch("{\"queue\":{\"session-cap\":1,\"max-input-bytes\":10}}").then().statusCode(200);

    Refusals.check(
        submit(newSession(), says("longer than ten")), ProblemType.INVALID_FIELD, "/input/text");
    var session = newSession();
    submit(session, says("hold")).then().statusCode(202);
    Refusals.check(submit(session, says("ok")), ProblemType.QUEUE_FULL, null);
  }

  @Test
  void documentIsReadAndPutBackWithItsTag() {
    patch("{\"lanes\":{\"night\":{\"width\":2}}}").then().statusCode(200);
    var read = admin().get(PATH);
    assertEquals(2, read.<Integer>path("lanes.night.width"));

    admin()
        .header("If-Match", read.header("ETag"))
        .contentType("application/json")
        .body("{\"lanes\":{\"day\":{\"width\":3}}}")
        .put(PATH + "?comment=the%20other%20one")
        .then()
        .statusCode(200)
        .body("changes.pointer", equalTo(List.of("/lanes/day/width", "/lanes/night/width")));

    admin()
        .get(PATH + "/revisions?limit=1")
        .then()
        .body("items[0].kind", equalTo("put"))
        .body("items[0].comment", equalTo("the other one"))
        .body("items[0].author.name", notNullValue())
        .body("items[0].author.key", notNullValue())
        .body("items[0].document", nullValue())
        .body("next", notNullValue());
    admin()
        .get(PATH + "/revisions/" + etag().replace("\"", ""))
        .then()
        .body("document.lanes.day.width", equalTo(3));
  }

  @Test
  void secondWriterOnOneBaseIsToldAndNothingOfItIsWritten() {
    var etag = etag();
    based(etag).body("{\"queue\":{\"max-runs\":4}}").patch(PATH).then().statusCode(200);

    var late = based(etag).body("{\"queue\":{\"max-runs\":5}}").patch(PATH);

    Refusals.check(late, ProblemType.STALE_REVISION, "If-Match");
    assertEquals(4, admin().get(PATH).<Integer>path("queue.max-runs"));
  }

  @Test
  void dryRunTellsAllAndWritesNothing() throws SQLException {
    var etag = etag();
    long before = revisions();
    based(etag)
        .body("{\"queue\":{\"max-runs\":9},\"worker\":true,\"lanes\":{\"user\":{\"width\":0}}}")
        .patch(PATH + "?dryRun=true")
        .then()
        .statusCode(200)
        .body("written", equalTo(false))
        .body("valid", equalTo(false))
        .body("flaws.pointer", hasItems("/worker", "/lanes/user/width"))
        .body("changes.pointer", hasItem("/queue/max-runs"));
    assertEquals(before, revisions());
    assertEquals(etag, etag());
  }

  @Test
  void planCountsTheTurnsThatWait() {
    patch("{\"lanes\":{\"narrow\":{\"width\":1}}}").then().statusCode(200);
    var session = newSession();
    var running =
        submit(session, says("hold", "\"lane\":\"narrow\"")).then().extract().<String>path("id");
    await()
        .until(() -> admin().get("/v1/turns/" + running).<String>path("state").equals("running"));
    submit(session, says("ok", "\"lane\":\"narrow\"")).then().statusCode(202);
    submit(session, says("ok", "\"lane\":\"narrow\"")).then().statusCode(202);

    based(etag())
        .body("{\"lanes\":null}")
        .patch(PATH + "?dryRun=true")
        .then()
        .statusCode(200)
        .body("waiting.what", equalTo(List.of("lane")))
        .body("waiting[0].name", equalTo("narrow"))
        .body("waiting[0].turns", equalTo(2))
        .body("waiting[0].how", containsString("is removed"));
  }

  @Test
  void rollbackGoesBackAndSaysSo() {
    patch("{\"queue\":{\"max-runs\":4}}").then().statusCode(200);
    int wanted = Integer.parseInt(etag().replace("\"", ""));
    patch("{\"queue\":{\"max-runs\":8}}").then().statusCode(200);

    admin()
        .contentType("application/json")
        .body("{\"revision\":" + wanted + ",\"comment\":\"too many\"}")
        .post(PATH + "/rollback")
        .then()
        .statusCode(200)
        .body("revision", equalTo(wanted + 2));

    assertEquals(4, admin().get(PATH).<Integer>path("queue.max-runs"));
    admin()
        .get(PATH + "/revisions/" + (wanted + 2))
        .then()
        .body("kind", equalTo("rollback"))
        .body("restored", equalTo(wanted))
        .body("comment", equalTo("too many"));
  }

  @Test
  void eachRevisionHasItsLineInTheTrail() {
    based(etag())
        .body("{\"queue\":{\"max-runs\":7}}")
        .patch(PATH + "?comment=for%20the%20trail")
        .then()
        .statusCode(200);

    admin()
        .get("/admin/v1/audit?action=config&limit=1")
        .then()
        .statusCode(200)
        .body("items[0].action", equalTo("config.patch"))
        .body("items[0].target", equalTo("revision " + etag().replace("\"", "")))
        .body("items[0].why", equalTo("for the trail"))
        .body("items[0].after[0].pointer", equalTo("/queue/max-runs"));
  }

  @Test
  void revisionThatHoldsNoMoreIsAConflict() throws SQLException {
    long number = Long.parseLong(etag().replace("\"", "")) + 1;
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      // As if a file had once made sense of it.
      statement.execute(
          "insert into turnout.config_revision (number, kind, at, author, document, changes) values ("
              + number
              + ", 'put', now(), 'x', '{\"agents\":{\"a\":{\"chain\":[{\"backend\":\"gone\"}]}}}', '[]')");
    }
    admin()
        .header("If-Match", "\"" + number + "\"")
        .contentType("application/json")
        .body("{}")
        .put(PATH)
        .then()
        .statusCode(200);

    var back =
        admin()
            .contentType("application/json")
            .body("{\"revision\":" + number + "}")
            .post(PATH + "/rollback");

    Refusals.check(back, ProblemType.REVISION_DOES_NOT_HOLD, "/agents/a/chain/0/backend");
  }

  @Test
  void effectiveTellsSources() {
    patch("{\"http\":{\"heartbeat\":\"2s\"}}").then().statusCode(200);
    var revision = "revision " + etag().replace("\"", "");

    var effective = admin().get(PATH + "/effective");

    effective
        .then()
        .statusCode(200)
        .body("items.find { it.pointer == '/http/heartbeat' }.value", equalTo("2s"))
        .body("items.find { it.pointer == '/http/heartbeat' }.source", equalTo(revision))
        .body("items.find { it.pointer == '/http/heartbeat' }.overrides[0].value", equalTo("300ms"))
        .body(
            "items.find { it.pointer == '/queue/session-cap' }.value",
            equalTo(ScriptedApplication.SESSION_CAP))
        .body("items.find { it.pointer == '/data-dir' }.changeable", equalTo(false))
        .body(not(containsString(ScriptedApplication.ADMIN_KEY)));
  }

  @Test
  void schemaIsOfferedToEditors() throws IOException {
    var answer = admin().get(PATH + "/schema");

    assertEquals(200, answer.statusCode());
    assertTrue(answer.contentType().startsWith("application/schema+json"), answer.contentType());
    assertTrue(new ObjectMapper().readTree(answer.asString()).at("/properties/agents").isObject());
  }

  @Test
  void replicasSayWhatTheyHaveInForce() {
    patch("{\"queue\":{\"max-runs\":6}}").then().statusCode(200);
    int revision = Integer.parseInt(etag().replace("\"", ""));

    await()
        .untilAsserted(
            () ->
                admin()
                    .get("/admin/v1/replicas")
                    .then()
                    .statusCode(200)
                    .body("revision", equalTo(revision))
                    .body("items[0].revision", equalTo(revision))
                    .body("items[0].appliedAt", notNullValue())
                    .body("items[0].leaseUntil", notNullValue())
                    .body("items[0]", not(hasKey("error"))));
  }

  @Test
  void rulesOfTheOperatorJudgeTheNextTurn() {
    patch(
            "{\"classification\":{\"rules\":[{\"id\":\"acme\",\"when\":\"status = 418\","
                + "\"reason\":\"content_policy\",\"why\":\"theirs\"}]}}")
        .then()
        .statusCode(200);

    finish(newSession(), "fail 418").then().body("failure", hasEntry("reason", "content_policy"));
  }

  private long revisions() throws SQLException {
    return revisions(database);
  }

  static long revisions(DataSource database) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery("select count(*) from turnout.config_revision")) {
      row.next();
      return row.getLong(1);
    }
  }
}
