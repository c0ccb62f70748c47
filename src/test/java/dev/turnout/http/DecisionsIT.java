package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.finish;
import static dev.turnout.http.Api.newKey;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static dev.turnout.http.Api.with;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What was decided can be asked for, and what would be. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class DecisionsIT {
  private static final String DECISIONS = "/admin/v1/decisions";

  @Inject DataSource database;

  private static Response list(String query) {
    return admin().get(DECISIONS + "?" + query);
  }

  /** A turn of a failure that makes nobody rest. */
  private static String failedTurn(String session) {
    return finish(session, "fail 413").path("id");
  }

  @Test
  void aFailedTurnHasOneEntryAStep() {
    var session = newSession();
    var turn = failedTurn(session);

    list("turn=" + turn)
        .then()
        .statusCode(200)
        .body("items.decision", equalTo(List.of("given_up", "asked")))
        .body("items.turn", everyItem(equalTo(turn)))
        .body("items[1].n", equalTo(1))
        .body("items[1].session", equalTo(session))
        .body("items[1].tenant", equalTo("default"))
        .body("items[1].agent", equalTo("demo"))
        .body("items[1].lane", equalTo("user"))
        .body("items[1].outcome", equalTo("failed"))
        .body("items[1].backend", equalTo("demo"))
        .body("items[1].runtime", equalTo("cli"))
        .body("items[1].reason", equalTo("request_too_large"))
        .body("items[1].family", equalTo("caller"))
        .body("items[1].rule", notNullValue())
        .body("items[1].matchedField", equalTo("status"))
        .body("items[1].excerpt", equalTo("scripted"))
        .body("items[1].httpStatus", equalTo(413))
        .body("items[1].facts.status", equalTo("413"))
        .body("items[1].next.decision", equalTo("given_up"))
        .body("items[0].backend", nullValue())
        .body("items[0].next", nullValue())
        .body("next", nullValue());
  }

  @Test
  void aPlainTurnHasNone() {
    String turn = finish(newSession(), "ok").path("id");

    list("turn=" + turn).then().statusCode(200).body("items", empty());
  }

  @ParameterizedTest
  @CsvSource({
    "agent=demo, agent=other",
    "backend=demo, backend=other",
    "reason=request_too_large, reason=billing",
    "family=caller, family=ours",
    "reason=request_too_large&family=caller, reason=request_too_large&family=ours",
    "lane=user, lane=helper",
    "tenant=default, tenant=other",
    "from=2020-01-01T00:00:00Z, to=2020-01-01T00:00:00Z",
    "to=9998-01-01T00:00:00Z, from=9998-01-01T00:00:00%2B02:00",
    "limit=200, authProfile=somebody"
  })
  void aFilterLeavesWhatItNames(String matching, String missing) {
    var session = newSession();
    var turn = failedTurn(session);

    list("session=" + session + "&" + matching).then().body("items.turn", hasItem(turn));
    list("session=" + session + "&" + missing).then().statusCode(200).body("items", empty());
  }

  @Test
  void aSessionIsTheOneOfItsTenant() {
    var session = newSession();
    var ours = failedTurn(session);
    var tenant = "t" + UUID.randomUUID();
    var theirKey = newKey(tenant, "turns", "admin");
    String theirs =
        submit(with(theirKey).header("Prefer", "wait=30"), session, says("fail 413")).path("id");

    list("session=" + session).then().body("items.turn", everyItem(equalTo(ours)));
    list("session=" + session + "&tenant=" + tenant)
        .then()
        .body("items.turn", everyItem(equalTo(theirs)))
        .body("items", hasSize(2));
    with(theirKey)
        .get(DECISIONS + "?session=" + session)
        .then()
        .body("items.turn", everyItem(equalTo(theirs)))
        .body("items", hasSize(2));
    list("tenant=" + tenant).then().body("items", hasSize(2));
    list("limit=200").then().body("items.turn", hasItem(theirs)).body("items.turn", hasItem(ours));
  }

  @Test
  void pagesFollowOneAnotherWhileNewOnesCome() {
    var session = newSession();
    var expected = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      var turn = failedTurn(session);
      expected.addFirst(turn);
      expected.addFirst(turn);
    }

    var seen = new ArrayList<String>();
    var page = list("limit=1&session=" + session);
    while (true) {
      seen.addAll(page.<List<String>>path("items.turn"));
      String next = page.path("next");
      if (next == null) {
        break;
      }
      failedTurn(session);
      page = list("limit=1&session=" + session + "&cursor=" + next);
    }

    assertEquals(expected, seen);
  }

  @Test
  void aDeletedSessionHasNone() {
    var session = newSession();
    var turn = failedTurn(session);

    admin().delete("/v1/sessions/" + session);

    list("turn=" + turn).then().statusCode(200).body("items", empty());
  }

  static Stream<Refusals.Case> badQueries() {
    return Stream.of(
        bad("turns=x", "turns"),
        bad("auth_profile=x", "auth_profile"),
        bad("turn=7", "turn"),
        bad("turn=", "turn"),
        bad("turn=" + UUID.randomUUID() + "&turn=" + UUID.randomUUID(), "turn"),
        bad("session=", "session"),
        bad("session=a%0Ab", "session"),
        bad("session=" + "k".repeat(513), "session"),
        bad("tenant=Not%20A%20Tenant", "tenant"),
        bad("agent=a%20b", "agent"),
        bad("backend=%27%3B--", "backend"),
        bad("authProfile=", "authProfile"),
        bad("lane=" + "l".repeat(65), "lane"),
        bad("reason=credits", "reason"),
        bad("reason=BILLING", "reason"),
        bad("family=nobody", "family"),
        bad("from=yesterday", "from"),
        bad("from=2026-01-01T00:00:00", "from"),
        bad("from=-0001-01-01T00:00:00Z", "from"),
        bad("to=2026-13-01T00:00:00Z", "to"),
        bad("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to"),
        bad("limit=0", "limit"),
        bad("limit=201", "limit"),
        bad("cursor=abc", "cursor"));
  }

  private static Refusals.Case bad(String query, String parameter) {
    return new Refusals.Case(query, () -> list(query), ProblemType.INVALID_PARAMETER, parameter);
  }

  @ParameterizedTest
  @MethodSource("badQueries")
  void aQueryThatDoesNotHoldIsRefusedByName(Refusals.Case query) throws SQLException {
    Refusals.check(query, database);
  }

  @Test
  void onlyTheOperatorReadsThem() {
    var submitter = newKey("default", "turns", "read");

    Refusals.check(with(submitter).get(DECISIONS), ProblemType.SCOPE_MISSING, null);
    Refusals.check(explain(with(submitter), "{}"), ProblemType.SCOPE_MISSING, null);
  }

  private static Response explain(
      io.restassured.specification.RequestSpecification caller, String body) {
    return caller.contentType(ContentType.JSON).body(body).post("/admin/v1/explain");
  }

  private static Response explain(String body) {
    return explain(admin(), body);
  }

  @Test
  void whoWouldBeAskedIsExplainedAndNoSessionComesToBe() {
    var session = "never-" + UUID.randomUUID();

    explain("{\"session\":\"" + session + "\"}")
        .then()
        .statusCode(200)
        .body("session", equalTo(session))
        .body("tenant", equalTo("default"))
        .body("agent", equalTo("demo"))
        .body("lane", equalTo("user"))
        .body("candidates", hasSize(1))
        .body("candidates[0].backend", equalTo("demo"))
        .body("candidates[0].runtime", equalTo("cli"))
        .body("candidates[0].lastResort", equalTo(false))
        .body("end", nullValue());

    admin().get("/v1/sessions/" + session).then().statusCode(404);
  }

  @Test
  void explanationOfARestIsWhatTheNextTurnMeets() {
    var session = newSession();
    var first = inLane(session, "fail 402");
    var body = "{\"session\":\"" + session + "\",\"lane\":\"schedule\"}";

    var explained = explain(admin().header("Accept-Language", "zh"), body);
    var again = explain(admin().header("Accept-Language", "zh"), body);
    var turn = inLane(session, "ok");

    assertEquals("billing", first.path("failure.reason"));
    explained
        .then()
        .body("candidates.plan", equalTo(List.of("skip")))
        .body("candidates[0].reason", equalTo("billing"))
        .body("candidates[0].family", equalTo("provider"))
        .body("candidates[0].rule", equalTo("http.402"));
    assertEquals(explained.<String>path("end.reason"), turn.<String>path("failure.reason"));
    assertEquals(explained.<String>path("end.retryAt"), turn.<String>path("failure.retryAt"));
    String message =
        admin()
            .header("Accept-Language", "zh")
            .get("/v1/turns/" + turn.path("id"))
            .path("failure.message");
    assertEquals(message, explained.path("end.message"));
    assertEquals(
        explained.jsonPath().getMap("candidates[0]"), again.jsonPath().getMap("candidates[0]"));
    list("turn=" + turn.path("id"))
        .then()
        .body("items.decision", equalTo(List.of("given_up", "skipped")))
        .body("items[1].cooldown.id", equalTo(explained.path("candidates[0].cooldown")))
        .body("items[1].cooldown.until", equalTo(explained.path("candidates[0].until")));
    // Another lane is not concerned.
    assertNull(explain("{\"session\":\"" + session + "\"}").path("end"));
  }

  /** In a lane of which no other test asks anything: what rests there harms nobody. */
  private static Response inLane(String session, String text) {
    return submit(admin().header("Prefer", "wait=30"), session, says(text, "\"lane\":\"schedule\""))
        .then()
        .statusCode(200)
        .extract()
        .response();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|/session",
        "{\"session\":\"\"}|/session",
        "{\"session\":\" a\"}|/session",
        "{\"session\":\"a\",\"agent\":\"ghost\"}|/agent",
        "{\"session\":\"a\",\"agent\":\"\"}|/agent",
        "{\"session\":\"a\",\"lane\":\"ghost\"}|/lane",
        "{\"session\":\"a\",\"model\":\"\"}|/model",
        "{\"session\":\"a\",\"tenant\":\"No Tenant\"}|/tenant"
      })
  void anExplanationOfNonsenseIsRefusedByPlace(String body, String pointer) throws SQLException {
    Refusals.check(
        new Refusals.Case(body, () -> explain(body), ProblemType.INVALID_FIELD, pointer), database);
  }

  @Test
  void anUnknownFieldIsNotIgnored() {
    var answer = explain("{\"session\":\"a\",\"runtime\":\"cli\"}");

    Refusals.check(answer, ProblemType.UNKNOWN_FIELD, "/runtime");
    answer.then().body(not(containsString("dev.turnout")));
  }
}
