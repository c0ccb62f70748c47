package dev.turnout.http;

import static dev.turnout.http.Api.accept;
import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static dev.turnout.http.Api.with;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.turnout.testing.Patience;
import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request with an idempotency key can be sent again and again; it is one turn. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class IdempotencyIT {
  private static final int CALLERS = 32;

  @AfterEach
  void leaveNothingRunning() {
    Api.endEverything();
  }

  @Test
  void theSameRequestIsTheSameTurnAndSaysSo() {
    var session = newSession();
    var key = newIdempotencyKey();

    var first = send(session, key, says("hold"));
    var second = send(session, key, says("hold"));

    first.then().statusCode(202).header("Idempotent-Replayed", nullValue());
    second
        .then()
        .statusCode(202)
        .header("Idempotent-Replayed", equalTo("true"))
        .header("Location", equalTo(first.header("Location")))
        .body("id", equalTo(first.path("id")));
    assertTurns(session, 1);
  }

  @Test
  void theOrderAndTheSpacesOfABodyMakeNoOtherRequest() {
    var session = newSession();
    var key = newIdempotencyKey();

    var first =
        send(session, key, "{\"input\":{\"text\":\"ok\"},\"priority\":1,\"lane\":\"user\"}");
    send(session, key, "{ \"lane\":\"user\", \"priority\":1, \"input\":{\"text\":\"ok\"} }")
        .then()
        .header("Idempotent-Replayed", equalTo("true"))
        .body("id", equalTo(first.path("id")));
  }

  @Test
  void anotherRequestUnderTheSameKeyIsRefused() {
    var session = newSession();
    var key = newIdempotencyKey();
    send(session, key, says("hold"));

    Refusals.check(
        send(session, key, says("something else")),
        ProblemType.IDEMPOTENCY_KEY_REUSED,
        "Idempotency-Key");
    Refusals.check(
        send(newSession(), key, says("hold")),
        ProblemType.IDEMPOTENCY_KEY_REUSED,
        "Idempotency-Key");
    assertTurns(session, 1);
  }

  @Test
  void aRefusedRequestOpensNoSession() {
    var key = newIdempotencyKey();
    send(newSession(), key, says("ok"));
    var other = newSession();

    Refusals.check(
        send(other, key, says("ok")), ProblemType.IDEMPOTENCY_KEY_REUSED, "Idempotency-Key");

    Refusals.check(admin().get("/v1/sessions/" + other), ProblemType.SESSION_NOT_FOUND, null);
  }

  @Test
  void aRepeatAfterItsTimeIsStillTheSameTurn() {
    var session = newSession();
    var key = newIdempotencyKey();
    var late = Instant.now().plusSeconds(5);
    var body = says("ok", "\"expiresAt\":\"" + late + "\"");
    var first = send(session, key, body);
    first.then().statusCode(202);
    Patience.await().until(() -> Instant.now().isAfter(late));

    send(session, key, body)
        .then()
        .statusCode(202)
        .header("Idempotent-Replayed", equalTo("true"))
        .body("id", equalTo(first.path("id")));
    Refusals.check(
        send(session, newIdempotencyKey(), body), ProblemType.INVALID_FIELD, "/expiresAt");
  }

  @Test
  void aKeyBelongsToItsTenant() {
    var session = newSession();
    var key = newIdempotencyKey();
    var ours = send(session, key, says("ok"));
    var theirs = with(Api.newKey("other-tenant", "turns")).header("Idempotency-Key", key);

    var turn = submit(theirs, session, says("something else"));

    turn.then().statusCode(202).header("Idempotent-Replayed", nullValue());
    assertNotEquals(ours.<String>path("id"), turn.<String>path("id"));
  }

  @Test
  void callersOfOneTenantShareTheirKeys() {
    var session = newSession();
    var key = newIdempotencyKey();
    var first = send(session, key, says("ok"));
    var colleague = with(Api.newKey("default", "turns")).header("Idempotency-Key", key);

    submit(colleague, session, says("ok"))
        .then()
        .header("Idempotent-Replayed", equalTo("true"))
        .body("id", equalTo(first.path("id")));
  }

  @Test
  void aRepeatAfterTheEndFindsTheAnswer() {
    var session = newSession();
    var key = newIdempotencyKey();
    var request = admin().header("Idempotency-Key", key).header("Prefer", "wait=30");
    var first = submit(request, session, says("ok"));
    first.then().statusCode(200);

    // Nobody waits here, so it is a 202 as the first time would have been.
    send(session, key, says("ok"))
        .then()
        .statusCode(202)
        .header("Idempotent-Replayed", equalTo("true"))
        .body("id", equalTo(first.path("id")))
        .body("state", equalTo("succeeded"))
        .body("answer.text", equalTo("answer to ok"));
  }

  @Test
  void aRepeatIsNoNewTurnThatCouldBeRefused() {
    var session = newSession();
    var key = newIdempotencyKey();
    var body = says("hold", "\"mode\":\"reject\"");
    var first = send(session, key, body);
    for (int i = 1; i < ScriptedApplication.SESSION_CAP; i++) {
      accept(session, "ok");
    }

    send(session, key, body).then().statusCode(202).body("id", equalTo(first.path("id")));
  }

  @Test
  void callersAtTheSameTimeMakeOneTurn() throws Exception {
    var session = newSession();
    var key = newIdempotencyKey();
    var start = new CountDownLatch(1);
    var answers = new ArrayList<Response>();
    try (var threads = Executors.newFixedThreadPool(CALLERS)) {
      Callable<Response> call =
          () -> {
            start.await();
            return send(session, key, says("hold"));
          };
      var sent = Stream.generate(() -> threads.submit(call)).limit(CALLERS).toList();
      start.countDown();
      for (Future<Response> answer : sent) {
        answers.add(answer.get());
      }
    }

    answers.forEach(answer -> answer.then().statusCode(202));
    assertEquals(1, answers.stream().map(answer -> answer.path("id")).distinct().count());
    assertEquals(1, answers.stream().filter(a -> a.header("Idempotent-Replayed") == null).count());
    assertTurns(session, 1);
  }

  private static void assertTurns(String session, int count) {
    admin().get("/v1/sessions/" + session + "/turns").then().body("items", hasSize(count));
  }

  private static String newIdempotencyKey() {
    return "k-" + UUID.randomUUID();
  }

  private static Response send(String session, String key, String body) {
    return submit(admin().header("Idempotency-Key", key), session, body);
  }
}
