package dev.turnout.http;

import static dev.turnout.http.Api.accept;
import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.finish;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static dev.turnout.http.Api.with;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions and their turns are found, listed, changed and emptied. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class SessionsIT {
  @AfterEach
  void leaveNothingRunning() {
    Api.endEverything();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "agent:main:slack:c07:thread:17",
        "a/b",
        "50%",
        "a b",
        "a+b",
        "a;b=c",
        "?x=1&y#z",
        "übung 🚂",
        "..",
        "{key}"
      })
  void aKeyIsTakenAsItIs(String name) {
    // Alone, or with something before it, where the key itself would be a place in the path.
    var key = name.equals("..") ? "a/../b" : name + " " + UUID.randomUUID();
    var path = "/v1/sessions/" + URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");

    admin()
        .contentType(ContentType.JSON)
        .body(says("ok"))
        .post(path + "/turns")
        .then()
        .statusCode(202)
        .body("session", equalTo(key));

    String self =
        admin()
            .get(path)
            .then()
            .statusCode(200)
            .body("key", equalTo(key))
            .extract()
            .path("links.self");
    assertEquals(path, self);
    admin().get(path + "/turns").then().body("items.session", contains(key));
  }

  @Test
  void aSessionComesToBeWithItsFirstTurn() {
    var session = newSession();
    admin().get("/v1/sessions/" + session).then().statusCode(404);

    accept(session, "ok");

    admin()
        .get("/v1/sessions/" + session)
        .then()
        .statusCode(200)
        .body("agent", nullValue())
        .body("metadata", anEmptyMap());
  }

  @Test
  void aChangeLeavesWhatItDoesNotName() {
    var session = newSession();
    accept(session, "ok");

    change(session, "{\"metadata\":{\"team\":\"red\"}}").then().statusCode(200);
    change(session, "{\"agent\":\"demo\"}")
        .then()
        .statusCode(200)
        .body("agent", equalTo("demo"))
        .body("metadata.team", equalTo("red"));

    admin()
        .get("/v1/sessions/" + session)
        .then()
        .body("agent", equalTo("demo"))
        .body("metadata.team", equalTo("red"));
  }

  @Test
  void turnsOfASessionComeInPagesNewestFirst() {
    var session = newSession();
    var ids = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      ids.addFirst(finish(session, "ok").path("id"));
    }

    var seen = pages("/v1/sessions/" + session + "/turns?limit=2", "id");

    assertEquals(ids, seen);
  }

  @Test
  void aPageGoesOnWhereTheOneBeforeEndedWhateverCameSince() {
    var session = newSession();
    var ids = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      ids.addFirst(finish(session, "ok").path("id"));
    }
    var path = "/v1/sessions/" + session + "/turns?limit=2";
    var first = admin().get(path);
    accept(session, "ok");

    admin()
        .get(path + "&cursor=" + first.path("next"))
        .then()
        .body("items.id", contains(ids.get(2)))
        .body("next", nullValue());
  }

  @Test
  void turnsOfAllSessionsAreListedTogether() {
    String one = finish(newSession(), "ok").path("id");
    String two = finish(newSession(), "ok").path("id");

    admin().get("/v1/turns?limit=2").then().body("items.id", contains(two, one));
  }

  @Test
  void sessionsAreFoundByTheBeginningOfTheirKeys() {
    var prefix = "p" + UUID.randomUUID().toString().substring(0, 8) + "_%25";
    var keys = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      submit(prefix + i, says("ok")).then().statusCode(202);
      keys.addFirst(prefix.replace("%25", "%") + i);
    }
    submit(prefix.replace("_", "x"), says("ok")).then().statusCode(202);

    assertEquals(keys, pages("/v1/sessions?limit=2&prefix=" + prefix, "key"));
  }

  @Test
  void anAbortEndsWhatRunsAndWhatWaits() {
    var session = newSession();
    var running = accept(session, "hold");
    var waiting = accept(session, "ok");
    String delayed =
        submit(session, says("ok", "\"notBefore\":\"2096-01-01T00:00:00Z\"")).path("id");

    admin()
        .post("/v1/sessions/" + session + "/abort")
        .then()
        .statusCode(200)
        .body("turns", equalTo(3));

    for (var turn : List.of(running, waiting, delayed)) {
      Api.await(turn).then().body("state", equalTo("cancelled"));
    }
    admin().post("/v1/sessions/" + session + "/abort").then().body("turns", equalTo(0));
    finish(session, "ok").then().body("state", equalTo("succeeded"));
  }

  @Test
  void nobodySeesOrEndsWhatBelongsToAnotherTenant() {
    var session = newSession();
    var turn = accept(session, "hold");
    var stranger = Api.newKey("strangers", "turns", "read");

    Refusals.check(
        with(stranger).get("/v1/sessions/" + session), ProblemType.SESSION_NOT_FOUND, null);
    Refusals.check(
        with(stranger).post("/v1/sessions/" + session + "/abort"),
        ProblemType.SESSION_NOT_FOUND,
        null);
    Refusals.check(with(stranger).get("/v1/turns/" + turn), ProblemType.TURN_NOT_FOUND, null);
    Refusals.check(
        with(stranger).get("/v1/turns/" + turn + "/events"), ProblemType.TURN_NOT_FOUND, null);
    Refusals.check(
        with(stranger).post("/v1/turns/" + turn + "/cancel"), ProblemType.TURN_NOT_FOUND, null);
    with(stranger).get("/v1/turns").then().body("items", hasSize(0));
    with(stranger).get("/v1/sessions").then().body("items", hasSize(0));
    admin().get("/v1/turns/" + turn).then().body("state", equalTo("running"));
  }

  @Test
  void twoTenantsMayUseOneKeyForTwoSessions() {
    var session = newSession();
    var theirs = Api.newKey("neighbours", "turns");
    accept(session, "hold");

    submit(with(theirs).header("Prefer", "wait=30"), session, says("ok"))
        .then()
        .statusCode(200)
        .body("seq", equalTo(1));
  }

  /** One field of all items, page by page. */
  private static List<String> pages(String path, String field) {
    var seen = new ArrayList<String>();
    String cursor = null;
    do {
      var page = admin().get(path + (cursor == null ? "" : "&cursor=" + cursor));
      page.then().statusCode(200);
      seen.addAll(page.path("items." + field));
      cursor = page.path("next");
    } while (cursor != null);
    return seen;
  }

  private static Response change(String session, String body) {
    return admin().contentType(ContentType.JSON).body(body).patch("/v1/sessions/" + session);
  }
}
