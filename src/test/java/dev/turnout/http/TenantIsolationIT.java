package dev.turnout.http;

import static dev.turnout.http.Api.newKey;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static dev.turnout.http.Api.with;
import static dev.turnout.testing.Patience.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What belongs to a tenant is to all others as if it had never been. Every published call is
 * walked: one that is new has to say here how it keeps tenants apart.
 */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class TenantIsolationIT {
  /** How a call keeps tenants apart. */
  private enum Rule {
    /** It names one thing in its path: 404, with the answer to a name that nobody ever gave. */
    HIDDEN,
    /** It lists: nothing of another tenant is in it. */
    LISTED,
    /** The name in its path is the caller's own to choose, whatever others call theirs. */
    OWN_NAME
  }

  private static final Map<String, Rule> RULES =
      Map.ofEntries(
          Map.entry("listSessions", Rule.LISTED),
          Map.entry("getSession", Rule.HIDDEN),
          Map.entry("changeSession", Rule.HIDDEN),
          Map.entry("deleteSession", Rule.HIDDEN),
          Map.entry("abortSession", Rule.HIDDEN),
          Map.entry("resetSession", Rule.HIDDEN),
          Map.entry("listSessionTurns", Rule.HIDDEN),
          Map.entry("submitTurn", Rule.OWN_NAME),
          Map.entry("listTurns", Rule.LISTED),
          Map.entry("getTurn", Rule.HIDDEN),
          Map.entry("cancelTurn", Rule.HIDDEN),
          Map.entry("answerPermission", Rule.HIDDEN),
          Map.entry("streamTurnEvents", Rule.HIDDEN));

  /** What must be in the body of a call for it to get as far as looking for the thing. */
  private static final Map<String, String> BODIES =
      Map.of(
          "changeSession", "{\"metadata\":{\"touched\":\"by a stranger\"}}",
          "answerPermission", "{\"decision\":\"allow\"}");

  private static final List<String> ROWS_OF_A_TENANT =
      List.of(
          "select s::text from turnout.session s where tenant = ?",
          "select i::text from turnout.idempotency i where tenant = ?",
          "select t::text from turnout.turn t join turnout.session s on s.id = t.session_id"
              + " where s.tenant = ?",
          "select l::text from turnout.session_line l join turnout.session s on s.id = l.session_id"
              + " where s.tenant = ?",
          "select e::text from turnout.turn_event e join turnout.turn t on t.id = e.turn_id"
              + " join turnout.session s on s.id = t.session_id where s.tenant = ?",
          "select m::text from turnout.turn_timer m join turnout.session s on s.id = m.session_id"
              + " where s.tenant = ?",
          "select g::text from turnout.run_signal g join turnout.turn t on t.id = g.turn_id"
              + " join turnout.session s on s.id = t.session_id where s.tenant = ?");

  @Inject DataSource database;

  private final String tenant = "owner-" + UUID.randomUUID();
  private final String session = "s-" + UUID.randomUUID();
  private String owner = "";
  private String stranger = "";
  private List<String> turns = List.of();
  private List<String> before = List.of();

  /** A turn that has ended, one that runs, one that waits, and one whose time has not come. */
  @BeforeEach
  void aTenantHasTurnsOfEveryKind() throws SQLException {
    owner = credential(tenant);
    stranger = credential("stranger-" + UUID.randomUUID());
    var keyed = with(owner).header("Idempotency-Key", session).header("Prefer", "wait=30");
    String ended = submit(keyed, session, says("ok")).then().statusCode(200).extract().path("id");
    String running = accept(says("hold"));
    String waiting = accept(says("ok"));
    String delayed = accept(says("ok", "\"notBefore\":\"2096-01-01T00:00:00Z\""));
    turns = List.of(ended, running, waiting, delayed);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> with(owner).get("/v1/turns/" + running).<String>path("state").equals("running"));
    before = rows();
  }

  @AfterEach
  void leaveNothingRunning() {
    with(owner).delete("/v1/sessions/" + session);
  }

  /** What somebody of this tenant shows. */
  String credential(String whose) {
    return newKey(whose, "turns", "read");
  }

  private String accept(String body) {
    return submit(with(owner), session, body).then().statusCode(202).extract().path("id");
  }

  @TestFactory
  Stream<DynamicTest> everyPublishedCallKeepsTenantsApart() throws IOException {
    var calls = Contract.served().calls();
    assertTrue(calls.size() > 40, () -> "too few to be all: " + calls);
    return calls.stream()
        .map(call -> dynamicTest(call.method() + " " + call.path(), () -> assertApart(call)));
  }

  @Test
  void everyRuleIsThatOfACall() throws IOException {
    var operations = Contract.served().calls().stream().map(Contract.Call::name).toList();

    assertTrue(operations.containsAll(RULES.keySet()), operations::toString);
    assertTrue(RULES.keySet().containsAll(BODIES.keySet()));
  }

  @Test
  void whoeverOwnsItSeesWhatTheStrangerDoesNot() {
    with(owner).get("/v1/sessions/" + session).then().statusCode(200);
    assertTrue(with(owner).get("/v1/turns").asString().contains(turns.getFirst()));
  }

  private void assertApart(Contract.Call call) throws SQLException {
    if (call.path().startsWith("/admin/")) {
      assertOperatorsOnly(call);
    } else {
      var rule = RULES.get(call.name());
      assertNotNull(rule, () -> call + " is new: say here how it keeps tenants apart");
      switch (rule) {
        case HIDDEN -> assertHidden(call);
        case LISTED -> assertListsNothing(call);
        case OWN_NAME -> assertNameIsFree(call);
      }
    }
    assertEquals(before, rows(), "something of another tenant has changed");
  }

  /** The operator's calls are over all tenants, so that no key without their scope may pass. */
  private void assertOperatorsOnly(Contract.Call call) {
    for (var id : List.of(turns.getFirst(), session)) {
      Refusals.check(send(call, id), ProblemType.SCOPE_MISSING, null);
    }
  }

  private void assertHidden(Contract.Call call) {
    var ids = call.path().contains("/sessions/") ? List.of(session) : turns;
    for (var id : ids) {
      var never = UUID.randomUUID().toString();

      var answer = send(call, id);

      assertEquals(404, answer.statusCode(), answer::asString);
      assertEquals(without(send(call, never), never), without(answer, id));
    }
  }

  private void assertListsNothing(Contract.Call call) {
    var cursor = with(owner).get(call.path() + "?limit=1").<String>path("next");
    var queries = new ArrayList<>(List.of("", "?limit=200", "?prefix=" + session));
    if (cursor != null) {
      queries.add("?cursor=" + cursor);
    }
    for (var query : queries) {
      var refused = query.startsWith("?prefix") && !call.name().equals("listSessions");
      var answer = with(stranger).get(call.path() + query);
      assertEquals(refused && answer.statusCode() == 400 ? 400 : 200, answer.statusCode(), query);
      assertNothingOfTheOwner(answer);
    }
  }

  private void assertNameIsFree(Contract.Call call) {
    // A third tenant: the session would be found by the calls that are walked after this one.
    var other = credential("other-" + UUID.randomUUID());
    var keyed = with(other).header("Idempotency-Key", session).contentType(ContentType.JSON);

    var answer = keyed.body(says("ok")).post(filled(call, session));

    answer.then().statusCode(202).header("Idempotent-Replayed", (String) null);
    assertFalse(turns.contains(answer.<String>path("id")));
    assertEquals(1, answer.<Integer>path("seq"), "it stands in the other tenant's line");
    var listed = with(other).get("/v1/sessions/" + session + "/turns");
    assertEquals(List.of(answer.<String>path("id")), listed.path("items.id"));
  }

  private void assertNothingOfTheOwner(Response answer) {
    var body = answer.asString();
    assertFalse(body.contains(session), body);
    turns.forEach(turn -> assertFalse(body.contains(turn), body));
  }

  private Response send(Contract.Call call, String id) {
    var request = with(stranger);
    // Of the type that the call takes: it must be refused for the key and for nothing else.
    var formats = call.description().at("/requestBody/content").fieldNames();
    if (formats.hasNext()) {
      var format = formats.next();
      request.contentType(format.equals("*/*") ? "application/json" : format);
      request.body(BODIES.getOrDefault(call.name(), "{}"));
    }
    return request.request(call.method(), filled(call, id));
  }

  private static String filled(Contract.Call call, String id) {
    return call.path().replaceAll("\\{[^}]+}", id);
  }

  /** The status, the headers and the body of an answer but for what names the request. */
  private static String without(Response answer, String id) {
    var headers =
        answer.headers().asList().stream()
            .map(header -> header.getName().toLowerCase(Locale.ROOT))
            .sorted()
            .toList();
    var body =
        answer
            .asString()
            .replace(id, "ID")
            .replaceAll("\"traceId\":\"[0-9a-f]{32}\"", "\"traceId\":\"T\"");
    return answer.statusCode() + " " + headers + " " + body;
  }

  /** Everything that is stored of the owner. */
  private List<String> rows() throws SQLException {
    var rows = new ArrayList<String>();
    try (var connection = database.getConnection()) {
      for (var query : ROWS_OF_A_TENANT) {
        try (var statement = connection.prepareStatement(query + " order by 1")) {
          statement.setString(1, tenant);
          try (var found = statement.executeQuery()) {
            while (found.next()) {
              rows.add(found.getString(1));
            }
          }
        }
      }
    }
    return rows;
  }
}
