package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.finish;
import static dev.turnout.http.Api.newKey;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.with;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.failure.ClassificationRules;
import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a failure means can be asked, and what it would mean by other rules. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class ClassifyIT {
  private static final String MINE =
      "{\"id\":\"mine\",\"when\":\"status = 413 and says \\\"scripted\\\"\","
          + "\"reason\":\"context_overflow\",\"why\":\"Tried by a test.\"}";

  @Inject DataSource database;

  private static Response post(String path, String body) {
    return admin().contentType(ContentType.JSON).body(body).post("/admin/v1/" + path);
  }

  private static Response classify(String body) {
    return post("classify", body);
  }

  private static Response dryRun(String body) {
    return post("classify/dry-run", body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'kind':'http','status':402,'message':'pay'}|billing|payment",
        "{'kind':'http','status':429,'type':'rate_limit_error','code':'x','message':'slow'}"
            + "|rate_limit|quota",
        "{'kind':'cli','cli':'claude','fields':{'api_error_status':'529'},'message':'m'}"
            + "|overloaded|service",
        "{'kind':'process_ended','exitCode':139,'signal':11,'stderr':'segfault'}"
            + "|process_crashed|",
        "{'kind':'spawn_failed','program':'claude','message':'no such file'}|spawn_failed|",
        "{'kind':'timed_out','limit':'idle','afterMs':300}|timeout_idle|service",
        "{'kind':'timed_out','limit':'first_output','stderr':'sign in'}|timeout_first_output|service",
        "{'kind':'too_much_output','limitBytes':7}|output_limit|",
        "{'kind':'protocol_broken','message':'not JSON'}|protocol_error|",
        "{'kind':'answered_nothing'}|empty_response|",
        "{'kind':'refused','stopReason':'refusal'}|refusal|",
        "{'kind':'unreachable','message':'connection reset'}|network|service",
        "{'kind':'session_unknown','sessionRef':'r'}|session_lost|",
        "{'kind':'config_missing','message':'backend x'}|backend_config_missing|",
        "{'kind':'unexpected','message':'oops'}|internal|"
      })
  void everyKindOfSignalIsClassified(String signal, String reason, String scope) {
    var answer = classify("{\"signal\":" + signal.replace('\'', '"') + "}");

    answer
        .then()
        .statusCode(200)
        .body("reason", equalTo(reason))
        .body("rule", not(equalTo("none")))
        .body("why", notNullValue())
        .body("rests.scope", scope == null ? nullValue() : equalTo(scope));
  }

  @Test
  void theAnswerSaysWhyAndWhatRests() {
    classify(
            "{\"signal\":{\"kind\":\"http\",\"status\":429,\"message\":\"key"
                + " sk-ant-api03-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\","
                + "\"headers\":{\"Retry-After\":\"20\"}}}")
        .then()
        .statusCode(200)
        .body("family", equalTo("capacity"))
        .body("matchedField", equalTo("status"))
        .body("retryable", equalTo(true))
        .body("retryAt", notNullValue())
        .body("rests.afterFailures", equalTo(1))
        .body("rests.until", notNullValue())
        .body("rests.longestSeconds", equalTo(3_600))
        .body("rests.probed", equalTo(false))
        .body("facts.'header.retry-after'", equalTo("20"))
        .body(not(containsString("sk-ant-api03-aaaa")));
  }

  @Test
  void factsOfADecisionCanBeSentBack() {
    String turn = finish(newSession(), "fail 413").path("id");
    Map<String, String> facts =
        admin().get("/admin/v1/decisions?turn=" + turn).path("items[1].facts");

    admin()
        .contentType(ContentType.JSON)
        .body(Map.of("facts", facts))
        .post("/admin/v1/classify")
        .then()
        .statusCode(200)
        .body("reason", equalTo("request_too_large"));
  }

  @Test
  void aRuleCanBeTriedOnOneFailure() {
    var signal = "\"signal\":{\"kind\":\"http\",\"status\":413,\"message\":\"scripted\"}";

    classify("{" + signal + ",\"rules\":[" + MINE + "]}")
        .then()
        .body("reason", equalTo("context_overflow"))
        .body("rule", equalTo("mine"))
        .body("why", equalTo("Tried by a test."));

    classify("{" + signal + "}").then().body("reason", equalTo("request_too_large"));
  }

  @Test
  void whatNoRuleKnowsIsSaidSo() {
    classify("{\"facts\":{\"kind\":\"moonshine\"}}")
        .then()
        .body("reason", equalTo("protocol_error"))
        .body("rule", equalTo("none"))
        .body("why", nullValue());
  }

  @Test
  void aDryRunSaysWhichPastFailuresWouldChange() {
    String turn = finish(newSession(), "fail 413").path("id");
    finish(newSession(), "fail 400");

    var answer = dryRun("{\"rules\":[" + MINE + "]}");

    answer
        .then()
        .statusCode(200)
        .body("examined", greaterThan(1))
        .body("changed", greaterThanOrEqualTo(1))
        .body("complete", equalTo(true))
        .body("oldest", notNullValue())
        .body("changes.from", everyItem(equalTo("request_too_large")))
        .body("changes.to", everyItem(equalTo("context_overflow")))
        .body("changes[0].examples.turn", hasItem(turn))
        .body("changes[0].examples.newRule", everyItem(equalTo("mine")))
        .body("unreachable", equalTo(List.of()));
    assertEquals(answer.<Integer>path("changed"), answer.<Integer>path("changes[0].count"));
    dryRun("{\"limit\":1,\"rules\":[" + MINE + "]}")
        .then()
        .body("examined", equalTo(1))
        .body("complete", equalTo(false));
    dryRun("{\"since\":\"2999-01-01T00:00:00Z\",\"rules\":[" + MINE + "]}")
        .then()
        .body("examined", equalTo(0))
        .body("complete", equalTo(true))
        .body("oldest", nullValue());
    // Nothing of it stays.
    finish(newSession(), "fail 413").then().body("failure.reason", equalTo("request_too_large"));
  }

  @Test
  void aRuleThatCanNeverDecideIsNamed() {
    var narrower = MINE.replace("mine", "mine.too").replace("= 413", "= 413 and has status");

    dryRun("{\"rules\":[" + MINE + "," + narrower + "]}")
        .then()
        .statusCode(200)
        .body("unreachable", equalTo(List.of("mine.too")));
  }

  @Test
  void theRulesInForceAreListedInTheirOrderAndCanBeSentBack() {
    var rules = admin().get("/admin/v1/classification-rules");

    assertEquals(
        ClassificationRules.builtIn().rules().stream().map(rule -> rule.id()).toList(),
        rules.path("items.id"));
    rules.then().body("items.source", everyItem(equalTo("built_in")));
    List<Map<String, String>> items = rules.path("items");
    var again =
        items.stream()
            .map(
                rule ->
                    Map.of(
                        "id", rule.get("id"),
                        "when", rule.get("when"),
                        "reason", rule.get("reason"),
                        "why", rule.get("why")))
            .toList();
    admin()
        .contentType(ContentType.JSON)
        .body(Map.of("rules", again))
        .post("/admin/v1/classify/dry-run")
        .then()
        .statusCode(200)
        .body("changed", equalTo(0));
    assertTrue(again.size() > 100);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|/signal",
        "{'facts':{}}|/facts",
        "{'facts':{'kind':'http'},'signal':{'kind':'http','status':500}}|/facts",
        "{'signal':{}}|/signal/kind",
        "{'signal':{'kind':'smoke'}}|/signal/kind",
        "{'signal':{'kind':'http'}}|/signal/status",
        "{'signal':{'kind':'http','status':99}}|/signal/status",
        "{'signal':{'kind':'http','status':500,'exitCode':1}}|/signal/exitCode",
        "{'signal':{'kind':'cli'}}|/signal/cli",
        "{'signal':{'kind':'timed_out'}}|/signal/limit",
        "{'signal':{'kind':'timed_out','limit':'lunch'}}|/signal/limit",
        "{'signal':{'kind':'answered_nothing','message':'m'}}|/signal/message",
        "{'facts':{'kind':'x'},'rules':[{'id':'A b','when':'has x','reason':'billing','why':'w'}]}"
            + "|/rules/0/id",
        "{'facts':{'kind':'x'},'rules':[{'id':'a','when':'x','reason':'billing','why':'w'}]}"
            + "|/rules/0/when",
        "{'facts':{'kind':'x'},'rules':[{'id':'a','when':'has x','reason':'money','why':'w'}]}"
            + "|/rules/0/reason",
        "{'facts':{'kind':'x'},'rules':[{'id':'a','when':'has x','reason':'billing','why':' '}]}"
            + "|/rules/0/why",
        "{'facts':{'kind':'x'},'rules':[{'id':'a','reason':'billing','why':'w'}]}|/rules/0/when"
      })
  void whatCannotBeClassifiedIsRefusedByPlace(String body, String pointer) throws SQLException {
    var json = body.replace('\'', '"');
    Refusals.check(
        new Refusals.Case(json, () -> classify(json), ProblemType.INVALID_FIELD, pointer),
        database);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|/rules",
        "{'rules':[]}|/rules",
        "{'rules':[null]}|/rules/0",
        "{'limit':0,'rules':[MINE]}|/limit",
        "{'limit':10001,'rules':[MINE]}|/limit",
        "{'since':'soon','rules':[MINE]}|/since",
        "{'rules':[MINE,MINE]}|/rules/1/id"
      })
  void aDryRunOfNonsenseIsRefusedByPlace(String body, String pointer) throws SQLException {
    var json = body.replace('\'', '"').replace("MINE", MINE);
    Refusals.check(
        new Refusals.Case(json, () -> dryRun(json), ProblemType.INVALID_FIELD, pointer), database);
  }

  @Test
  void allFlawsOfTheRulesAreToldAtOnce() {
    var bad = "{\"id\":\"a\",\"when\":\"status =\",\"reason\":\"x\",\"why\":\"w\"}";
    var answer = dryRun("{\"rules\":[" + MINE + "," + bad + "]}");

    assertEquals(List.of("/rules/1/reason", "/rules/1/when"), answer.path("errors.pointer"));
  }

  @Test
  void onlyTheOperatorAsks() {
    var reader = newKey("default", "turns", "read");

    Refusals.check(
        with(reader).get("/admin/v1/classification-rules"), ProblemType.SCOPE_MISSING, null);
    Refusals.check(
        with(reader).contentType(ContentType.JSON).body("{}").post("/admin/v1/classify"),
        ProblemType.SCOPE_MISSING,
        null);
  }
}
