package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.finish;
import static dev.turnout.http.Api.newKey;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.with;
import static dev.turnout.testing.Patience.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.cooldown.Cooldowns;
import dev.turnout.testing.OperatedApplication;
import dev.turnout.testing.ScriptedBackend;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Cooldowns as operators find, make, clear and probe them. */
@QuarkusTest
@TestProfile(OperatedApplication.class)
class CooldownsAdminIT {
  private static final String ALL = "/admin/v1/cooldowns";

  @Inject DataSource database;
  @Inject Clock clock;
  @Inject Cooldowns cooldowns;
  @Inject ScriptedBackend backend;

  @BeforeEach
  void secret() throws IOException {
    Files.createDirectories(OperatedApplication.SECRET.getParent());
    Files.writeString(OperatedApplication.SECRET, "the-first-secret");
  }

  @AfterEach
  void clear() {
    for (var id : admin().get(ALL).<List<String>>path("items.id")) {
      admin().delete(ALL + "/" + id + "?why=test");
    }
    Api.endEverything();
  }

  private static Response make(String body) {
    return admin().contentType(ContentType.JSON).body(body).post(ALL);
  }

  /** Makes one, and answers its id. */
  private static String made(String fields) {
    return make("{\"why\":\"a test\",\"forSeconds\":600," + fields + "}")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static String noMoney() {
    return made("\"reason\":\"billing\",\"account\":\"work\",\"runtime\":\"api\"");
  }

  private static Response probe(String id, String body) {
    return admin().contentType(ContentType.JSON).body(body).post(ALL + "/" + id + "/probe");
  }

  private static Response trail(String action, String target) {
    return admin().get("/admin/v1/audit?action=" + action + "&target=" + target);
  }

  @Test
  void aFailureShowsWithItsEvidenceAndWhomItKeepsFromBeingAsked() {
    assertEquals("failed", finish(newSession(), "fail 402").path("state"));
    finish(newSession(), "ok");

    var listed = admin().get(ALL + "?reason=billing&resting=true&account=work");
    assertEquals(1, listed.<List<String>>path("items.id").size());
    var one = admin().get(ALL + "/" + listed.path("items[0].id"));

    assertEquals("payment", one.path("key.scope"));
    assertEquals("work", one.path("key.account"));
    assertEquals("api", one.path("key.runtime"));
    assertEquals("user", one.path("key.lane"));
    assertNull(one.path("key.model"));
    assertEquals("resting", one.path("state"));
    assertEquals("provider", one.path("family"));
    assertEquals("scripted", one.path("evidence.excerpt"));
    assertEquals(List.of("big", "small"), one.path("covers.candidate.model"));
    assertEquals(List.of("ops", "ops"), one.path("covers.agent"));
    assertEquals(List.of("rested"), kinds(one));
    // The first turn saved one attempt, the second two.
    await().until(() -> admin().get(ALL + "/" + one.path("id")).<Integer>path("avoided") == 3);
  }

  @Test
  void filtersLetThroughWhatTheyName() {
    var money = noMoney();
    var service =
        made("\"reason\":\"overloaded\",\"backend\":\"api\",\"model\":\"big\",\"lane\":\"helper\"");

    assertEquals(List.of(service), admin().get(ALL + "?backend=api").path("items.id"));
    assertEquals(List.of(service), admin().get(ALL + "?lane=helper").path("items.id"));
    assertEquals(List.of(service), admin().get(ALL + "?model=big").path("items.id"));
    assertEquals(List.of(money), admin().get(ALL + "?scope=payment").path("items.id"));
    assertEquals(List.of(money), admin().get(ALL + "?runtime=api").path("items.id"));
    assertEquals(List.of(), admin().get(ALL + "?resting=false").path("items.id"));
    var first = admin().get(ALL + "?limit=1");
    assertEquals(List.of(service), first.path("items.id"));
    assertEquals(
        List.of(money),
        admin().get(ALL + "?limit=1&cursor=" + first.path("next")).path("items.id"));
  }

  @Test
  void whatIsMadeByHandRestsAndWhatIsClearedIsAskedOnEveryReplica() {
    var other = new Cooldowns(database, clock);
    other.start();
    try {
      var id = noMoney();
      await().until(() -> other.snapshot().all().size() == 1);
      assertEquals("billing", finish(newSession(), "ok").path("failure.reason"));
      assertEquals("a test", trail("cooldown.make", id).path("items[0].why"));

      admin().delete(ALL + "/" + id + "?why=paid").then().statusCode(204);

      await().until(() -> other.snapshot().all().isEmpty());
      assertEquals("succeeded", finish(newSession(), "ok").path("state"));
      var line = trail("cooldown.clear", id);
      assertEquals("paid", line.path("items[0].why"));
      assertEquals("billing", line.path("items[0].before.reason"));
      assertEquals("bootstrap", line.path("items[0].who.name"));
      Refusals.check(admin().get(ALL + "/" + id), ProblemType.COOLDOWN_NOT_FOUND, null);
    } finally {
      other.stop();
    }
  }

  @Test
  void theReasonForClearingMayStandInABody() {
    var id = noMoney();

    admin()
        .contentType(ContentType.JSON)
        .body("{\"why\":\"paid\"}")
        .delete(ALL + "/" + id)
        .then()
        .statusCode(204);

    assertEquals("paid", trail("cooldown.clear", id).path("items[0].why"));
  }

  @Test
  void aProbeThatIsAnsweredEndsTheCooldownAndTouchesNoSession() {
    var id = noMoney();
    backend.requests.clear();

    var answer = probe(id, "{\"why\":\"was it paid?\"}");

    assertEquals("answered", answer.path("outcome"));
    assertEquals("big", answer.path("candidate.model"));
    assertNull(answer.path("cooldown"));
    Refusals.check(admin().get(ALL + "/" + id), ProblemType.COOLDOWN_NOT_FOUND, null);
    assertEquals(1, backend.requests.size());
    var asked = backend.requests.getFirst();
    assertEquals("Reply with the single word OK.", asked.prompt());
    assertTrue(asked.session().value() < 0);
    assertTrue(asked.history().isEmpty() && asked.resume().isEmpty());
    var line = trail("cooldown.probe", id);
    assertEquals("answered", line.path("items[0].after.probe.outcome"));
    assertEquals("was it paid?", line.path("items[0].why"));
  }

  @Test
  void aProbeThatFailsAfterTheRestTakesTheNextStep() throws InterruptedException {
    finish(newSession(), "fail 402");
    String id = admin().get(ALL).path("items[0].id");
    restIsOver();

    var answer = probe(id, "{\"prompt\":\"fail 402\"}");

    assertEquals("failed", answer.path("outcome"));
    assertEquals("billing", answer.path("reason"));
    assertEquals((Integer) 2, answer.<Integer>path("cooldown.step"));
    assertEquals("resting", answer.path("cooldown.state"));
    assertNull(answer.path("cooldown.probe"));
    var one = admin().get(ALL + "/" + id);
    assertEquals(List.of("rested", "probed", "rested"), kinds(one));
    one.then().body("history.who", hasItem("bootstrap"));
  }

  /** What has become of this one; earlier ones of its key are in the history, too. */
  private static List<String> kinds(Response one) {
    return one.path("history.findAll { it.cooldown == '" + one.path("id") + "' }.kind");
  }

  private void restIsOver() {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          "update turnout.cooldown set rests_until = now() - interval '1 second',"
              + " stepped_at = now() - interval '1 hour', last_at = now() - interval '1 hour'");
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aProbeThatHangsEndsAtItsLimit() {
    var id = noMoney();

    var answer = probe(id, "{\"prompt\":\"pause 60000\",\"timeoutSeconds\":1}");

    assertEquals("timeout_total", answer.path("reason"));
    assertEquals("resting", answer.path("cooldown.state"));
  }

  @Test
  void ofTwoProbesAtOnceOneIsRefused() throws InterruptedException, ExecutionException {
    var id = noMoney();
    Callable<Response> one = () -> probe(id, "{\"prompt\":\"pause 5000\"}");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var statuses =
          threads.invokeAll(List.of(one, one)).stream()
              .map(answer -> answer.resultNow().statusCode())
              .sorted()
              .toList();

      assertEquals(List.of(200, 409), statuses);
    }
    assertEquals(
        List.of("done", "refused"),
        trail("cooldown.probe", id).<List<String>>path("items.result").stream().sorted().toList());
  }

  @Test
  void aProbeMayNameWhomToAskAndNobodyElse() {
    var id = noMoney();
    var small =
        "{\"candidate\":{\"backend\":\"api\",\"model\":\"small\",\"authProfile\":\"work\"}}";

    Refusals.check(
        probe(id, "{\"candidate\":{\"backend\":\"cli\",\"authProfile\":\"work\"}}"),
        ProblemType.INVALID_FIELD,
        "/candidate");
    assertEquals("small", probe(id, small).path("candidate.model"));
    var nobody = made("\"reason\":\"billing\",\"account\":\"absent\",\"runtime\":\"cli\"");
    Refusals.check(probe(nobody, "{}"), ProblemType.NOTHING_TO_PROBE, null);
  }

  @Test
  void anotherSecretEndsWhatWasNotLetIn() throws IOException {
    finish(newSession(), "fail 401");
    String id = admin().get(ALL + "?scope=sign_in").path("items[0].id");
    var key = cooldowns.find(UUID.fromString(id)).orElseThrow().key();
    var money = noMoney();

    Files.writeString(OperatedApplication.SECRET, "another-secret");

    await().until(() -> admin().get(ALL + "/" + id).statusCode() == 404);
    assertEquals(
        List.of("rested", "credential_changed"),
        cooldowns.history(key, 100).stream()
            .filter(change -> change.cooldown().toString().equals(id))
            .map(change -> change.kind().code())
            .toList());
    // What a new key cannot pay for goes on.
    admin().get(ALL + "/" + money).then().statusCode(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'reason':'billing','account':'work','runtime':'api','forSeconds':1} | /why",
        "{'why':' ','reason':'billing','account':'work','runtime':'api','forSeconds':1} | /why",
        "{'why':'x','account':'work','runtime':'api','forSeconds':1} | /reason",
        "{'why':'x','reason':'refusal','account':'work','runtime':'api','forSeconds':1} | /reason",
        "{'why':'x','reason':'billing','scope':'quota','account':'work','runtime':'api','forSeconds':1} | /scope",
        "{'why':'x','reason':'billing','runtime':'api','forSeconds':1} | /account",
        "{'why':'x','reason':'billing','account':'nobody','runtime':'api','forSeconds':1} | /account",
        "{'why':'x','reason':'billing','account':'~nobody','runtime':'api','forSeconds':1} | /account",
        "{'why':'x','reason':'billing','account':'work','forSeconds':1} | /runtime",
        "{'why':'x','reason':'billing','account':'work','runtime':'java','forSeconds':1} | /runtime",
        "{'why':'x','reason':'billing','account':'work','runtime':'api','model':'m','forSeconds':1} | /model",
        "{'why':'x','reason':'overloaded','account':'work','backend':'api','forSeconds':1} | /account",
        "{'why':'x','reason':'overloaded','backend':'nowhere','forSeconds':1} | /backend",
        "{'why':'x','reason':'billing','account':'work','runtime':'api','lane':'no','forSeconds':1} | /lane",
        "{'why':'x','reason':'billing','account':'work','runtime':'api'} | /until",
        "{'why':'x','reason':'billing','account':'work','runtime':'api','until':'2020-01-01T00:00:00Z'} | /until",
        "{'why':'x','reason':'billing','account':'work','runtime':'api','until':'2090-01-01T00:00:00Z'} | /until",
        "{'why':'x','reason':'billing','account':'work','runtime':'api','forSeconds':0} | /forSeconds"
      })
  void aWishThatDoesNotHoldNamesItsField(String body, String pointer) {
    Refusals.check(make(body.replace('\'', '"')), ProblemType.INVALID_FIELD, pointer);
    assertEquals(List.of(), admin().get(ALL).path("items"));
  }

  @ParameterizedTest
  @CsvSource({"scope=all", "reason=money", "runtime=java", "resting=maybe", "limit=0", "cursor=x"})
  void badParametersAreNamed(String query) {
    Refusals.check(
        admin().get(ALL + "?" + query),
        ProblemType.INVALID_PARAMETER,
        query.substring(0, query.indexOf('=')));
  }

  @Test
  void aClearingSaysWhyAndAProbeHoldsItsLimits() {
    var id = noMoney();
    Refusals.check(admin().delete(ALL + "/" + id), ProblemType.INVALID_PARAMETER, "why");
    Refusals.check(
        probe(id, "{\"timeoutSeconds\":101}"), ProblemType.INVALID_FIELD, "/timeoutSeconds");
    Refusals.check(
        probe(id, "{\"candidate\":{}}"), ProblemType.INVALID_FIELD, "/candidate/backend");
    admin().get(ALL + "/" + id).then().body("state", equalTo("resting")).body("id", notNullValue());
  }

  static Stream<Supplier<Response>> unknown() {
    var id = UUID.randomUUID();
    return Stream.of(
        () -> admin().get(ALL + "/" + id),
        () -> admin().get(ALL + "/none"),
        () -> admin().delete(ALL + "/" + id + "?why=x"),
        () -> probe(id.toString(), "{}"));
  }

  @ParameterizedTest
  @MethodSource("unknown")
  void anUnknownIdIsNotFound(Supplier<Response> call) {
    Refusals.check(call.get(), ProblemType.COOLDOWN_NOT_FOUND, null);
  }

  @Test
  void onlyOperatorsSeeAndChangeThem() {
    var id = noMoney();
    for (var scope : List.of("turns", "read")) {
      var key = newKey("default", scope);
      Stream.of(
              with(key).get(ALL),
              with(key).get(ALL + "/" + id),
              with(key).delete(ALL + "/" + id + "?why=x"),
              with(key).contentType(ContentType.JSON).body("{}").post(ALL),
              with(key).contentType(ContentType.JSON).body("{}").post(ALL + "/" + id + "/probe"))
          .forEach(answer -> Refusals.check(answer, ProblemType.SCOPE_MISSING, null));
    }
    assertFalse(Instant.parse(admin().get(ALL + "/" + id).path("until")).isBefore(clock.instant()));
  }
}
