package dev.turnout.http;

import static dev.turnout.http.Api.accept;
import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.finish;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static dev.turnout.http.Api.with;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.testing.ScriptedApplication;
import dev.turnout.testing.ScriptedBackend;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session begins anew, or goes. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class SessionEndsIT {
  @Inject ScriptedBackend backend;
  @Inject DataSource database;

  @AfterEach
  void leaveNothingRunningAndNothingBroken() throws SQLException {
    Api.endEverything();
    assertEquals(List.of(), rows("select what from turnout.violations where n <> 0"));
  }

  @Test
  void aResetSessionIsAnsweredAndKeepsItsTurns() {
    var session = newSession();
    String turn = finish(session, "ok").path("id");

    reset(session).then().statusCode(200).body("key", equalTo(session));

    admin().get("/v1/turns/" + turn).then().body("answer.text", equalTo("answer to ok"));
    finish(session, "ok").then().body("seq", equalTo(2));
    var request = backend.requests.getLast();
    assertEquals(Optional.empty(), request.resume());
    assertEquals(List.of(), request.history());
  }

  @Test
  void aResetLeavesWhatRunsAndWaits() {
    var session = newSession();
    var running = accept(session, "hold");
    var waiting = accept(session, "ok");

    reset(session).then().statusCode(200);

    admin().get("/v1/turns/" + running).then().body("state", equalTo("running"));
    admin().get("/v1/turns/" + waiting).then().body("state", equalTo("queued"));
  }

  @Test
  void whatIsNotThereIsNeitherResetNorDeleted() {
    var stranger = Api.newKey("strangers", "turns");
    var session = newSession();
    accept(session, "hold");

    Refusals.check(reset(newSession()), ProblemType.SESSION_NOT_FOUND, null);
    Refusals.check(delete(newSession()), ProblemType.SESSION_NOT_FOUND, null);
    Refusals.check(
        with(stranger).post("/v1/sessions/" + session + "/reset"),
        ProblemType.SESSION_NOT_FOUND,
        null);
    Refusals.check(
        with(stranger).delete("/v1/sessions/" + session), ProblemType.SESSION_NOT_FOUND, null);
    admin().get("/v1/sessions/" + session).then().statusCode(200);
  }

  @Test
  void aDeletedSessionIsGoneWithItsTurns() {
    var session = newSession();
    String turn = finish(session, "ok").path("id");

    delete(session).then().statusCode(204);

    Refusals.check(admin().get("/v1/sessions/" + session), ProblemType.SESSION_NOT_FOUND, null);
    Refusals.check(
        admin().get("/v1/sessions/" + session + "/turns"), ProblemType.SESSION_NOT_FOUND, null);
    Refusals.check(admin().get("/v1/turns/" + turn), ProblemType.TURN_NOT_FOUND, null);
    Refusals.check(admin().get("/v1/turns/" + turn + "/events"), ProblemType.TURN_NOT_FOUND, null);
    Refusals.check(delete(session), ProblemType.SESSION_NOT_FOUND, null);
    admin().get("/v1/sessions?prefix=" + session).then().body("items", hasSize(0));
  }

  @Test
  void aDeleteEndsWhatRunsAndWaits() {
    var session = newSession();
    accept(session, "hold");
    accept(session, "never");
    submit(session, says("never", "\"notBefore\":\"2096-01-01T00:00:00Z\""));

    delete(session).then().statusCode(204);

    assertTrue(backend.requests.stream().noneMatch(r -> r.prompt().equals("never")));
    finish(session, "ok").then().body("seq", equalTo(1));
  }

  @Test
  void aDeleteThatMayNotWaitSaysThatATurnStillRunsAndCanBeRepeated() {
    var session = newSession();
    var turn = accept(session, "hold");

    var refused = admin().header("Prefer", "wait=0").delete("/v1/sessions/" + session);

    Refusals.check(refused, ProblemType.SESSION_BUSY, null);
    refused.then().body("retryable", equalTo(true));
    Api.await(turn).then().body("state", equalTo("cancelled"));
    delete(session).then().statusCode(204);
  }

  @Test
  void aStreamOfADeletedTurnEnds() throws Exception {
    var session = newSession();
    String turn = submit(session, says("ok", "\"notBefore\":\"2096-01-01T00:00:00Z\"")).path("id");
    try (var stream = EventReader.of(turn)) {
      stream.until("accepted");

      delete(session).then().statusCode(204);

      assertEquals(
          List.of("deleted"), stream.rest().stream().map(EventReader.Event::type).toList());
    }
  }

  @Test
  void whoeverWaitsForADeletedTurnHearsThatItIsGone() throws Exception {
    var session = newSession();
    String turn = submit(session, says("ok", "\"notBefore\":\"2096-01-01T00:00:00Z\"")).path("id");
    try (var threads = Executors.newSingleThreadExecutor()) {
      var waiting = threads.submit(() -> Api.await(turn));

      delete(session).then().statusCode(204);

      Refusals.check(waiting.get(), ProblemType.TURN_NOT_FOUND, null);
    }
  }

  @Test
  void aKeyOfADeletedSessionOpensAnotherOneAlsoWhereTheOldOneIsStillKnown() throws Exception {
    var session = newSession();
    finish(session, "ok");
    // As another replica would: this one still takes the old session for the one of the key.
    rows(
        "select turnout.delete_session(id, now(), '{}') from turnout.session where key = '"
            + session
            + "'");

    finish(session, "ok").then().body("seq", equalTo(1));

    admin().get("/v1/sessions/" + session + "/turns").then().body("items", hasSize(1));
  }

  @Test
  void anIdempotencyKeyGoesWithItsSession() {
    var session = newSession();
    var request = UUID.randomUUID().toString();
    var keyed = admin().header("Idempotency-Key", request);
    String first = submit(keyed, session, says("ok")).path("id");
    Api.await(first);
    delete(session).then().statusCode(204);

    var second = submit(admin().header("Idempotency-Key", request), session, says("ok"));

    second.then().statusCode(202).header("Idempotent-Replayed", nullValue());
  }

  @Test
  void submissionsAndDeletesAtOnceLoseNoTurnAndLeaveNoHalfOfASession() throws Exception {
    var session = newSession();
    var start = new CountDownLatch(1);
    var sent = new ArrayList<Future<List<Response>>>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 6; i++) {
        sent.add(threads.submit(after(start, () -> submit(session, says("ok")))));
      }
      var deletes =
          List.of(
              threads.submit(after(start, () -> delete(session))),
              threads.submit(after(start, () -> delete(session))));
      start.countDown();
      for (var each : deletes) {
        for (var answer : each.get()) {
          assertTrue(List.of(204, 404, 409).contains(answer.statusCode()), answer.asString());
        }
      }
    }

    for (var each : sent) {
      for (var answer : each.get()) {
        // Taken, or too many waited, or deleted in the moment in which it was taken.
        assertTrue(List.of(202, 429, 404).contains(answer.statusCode()), answer.asString());
        if (answer.statusCode() == 202) {
          var end = Api.await(answer.path("id"));
          if (end.statusCode() != 404) {
            var state = end.<String>path("state");
            assertTrue(List.of("succeeded", "cancelled").contains(state), state);
          }
        }
      }
    }
    finish(session, "ok");
  }

  private static Callable<List<Response>> after(CountDownLatch start, Callable<Response> call) {
    return () -> {
      start.await();
      var answers = new ArrayList<Response>();
      for (int i = 0; i < 25; i++) {
        answers.add(call.call());
      }
      return answers;
    };
  }

  private List<String> rows(String sql) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  private static Response reset(String session) {
    return admin().post("/v1/sessions/" + session + "/reset");
  }

  private static Response delete(String session) {
    return admin().delete("/v1/sessions/" + session);
  }
}
