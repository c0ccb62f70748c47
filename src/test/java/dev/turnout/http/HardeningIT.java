package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.newKey;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static dev.turnout.http.Api.with;
import static dev.turnout.testing.Patience.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds against those who mean no good, or who go about it carelessly. */
@QuarkusTest
@TestProfile(FuzzedApplication.class)
class HardeningIT {
  @Inject StreamSeats seats;

  @AfterEach
  void leaveNoLimits() {
    Api.endEverything();
    set("null");
  }

  /** Sets the limits while everything runs. */
  private static void set(String http) {
    admin()
        .header("If-Match", admin().get("/admin/v1/config").header("ETag"))
        .contentType("application/merge-patch+json")
        .body("{\"http\":" + http + "}")
        .patch("/admin/v1/config")
        .then()
        .statusCode(200);
  }

  @Test
  void aKeyThatAsksTooOftenIsHeldAndHearsHowLong() {
    var fast = newKey("default", "read");
    var slow = newKey("default", "read");
    with(fast).get("/v1/turns").then().statusCode(200).header("RateLimit", nullValue());
    set("{\"rate-limit\":{\"per-second\":1,\"burst\":2}}");

    with(fast)
        .get("/v1/turns")
        .then()
        .statusCode(200)
        .header("RateLimit-Policy", "\"key\";q=2;w=2")
        .header("RateLimit", "\"key\";r=1;t=0");
    with(fast).get("/v1/turns");
    var refused =
        await()
            .pollInterval(Duration.ofMillis(1))
            .until(() -> with(fast).get("/v1/turns"), answer -> answer.statusCode() == 429);

    Refusals.check(refused, ProblemType.RATE_LIMITED, null);
    refused.then().header("Retry-After", "1").body("retryable", equalTo(true));
    with(slow).get("/v1/turns").then().statusCode(200);
    admin().get("/v1/turns").then().statusCode(200).header("RateLimit", nullValue());
    set("null");
    with(fast).get("/v1/turns").then().statusCode(200);
  }

  /** Who ends or forgets a stream closes its connection, so that connections are not shared. */
  @Test
  void whoeverOffersHttp2IsAnsweredInHttp11() throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(
                URI.create(RestAssured.baseURI + ":" + RestAssured.port + "/q/health"))
            .build();
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());

      assertEquals(200, answer.statusCode());
      assertEquals(HttpClient.Version.HTTP_1_1, answer.version());
    }
  }

  @Test
  void whoeverTriesKeysIsSlowedDownAndNobodyElse() {
    var known = newKey("default", "read");
    with(known).get("/v1/turns").then().statusCode(200);

    int tries = 0;
    while (with("guess-" + tries).get("/v1/turns").statusCode() == 401) {
      tries++;
      assertTrue(tries <= WrongKeys.BURST + 5, "nothing slows it");
    }

    var refused = with("another guess").get("/v1/turns");
    Refusals.check(refused, ProblemType.TOO_MANY_WRONG_KEYS, null);
    int wait = Integer.parseInt(refused.header("Retry-After"));
    assertTrue(wait >= 1 && wait <= WrongKeys.SECONDS_EACH, () -> "" + wait);
    with(known).get("/v1/turns").then().statusCode(200);
    admin().get("/v1/turns").then().statusCode(200);
  }

  @Test
  void aKeyHasOnlySoManyStreamsAndGetsThemBack() throws Exception {
    var session = newSession();
    String turn = submit(session, says("ok", "\"notBefore\":\"2096-01-01T00:00:00Z\"")).path("id");
    set("{\"streams-per-key\":1}");
    try (var stream = EventReader.of(turn)) {
      stream.until("accepted");
      var path = "/v1/turns/" + turn + "/events";
      Refusals.check(admin().get(path), ProblemType.TOO_MANY_STREAMS, null);
      var streamed = admin().header("Accept", "text/event-stream");
      Refusals.check(submit(streamed, session, says("ok")), ProblemType.TOO_MANY_STREAMS, null);
      admin().get("/v1/sessions/" + session + "/turns").then().body("items.size()", equalTo(1));

      set("{\"streams-per-key\":null,\"streams\":1}");
      Refusals.check(admin().get(path), ProblemType.STREAMS_FULL, null);
    }
    await().until(() -> seats.taken() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/turns", "/nothing", "/q/health", "/q/metrics", "/openapi"})
  void everyAnswerTellsBrowsersToLeaveItAlone(String path) {
    admin()
        .get(path)
        .then()
        .header("X-Content-Type-Options", "nosniff")
        .header("Content-Security-Policy", containsString("default-src 'none'"))
        .header("Referrer-Policy", "no-referrer")
        .header("Cache-Control", containsString("no-store"));
  }

  @Test
  void aRefusalAtTheDoorTellsThemToo() {
    Api.anonymous()
        .get("/v1/turns")
        .then()
        .statusCode(401)
        .header("X-Content-Type-Options", "nosniff")
        .header("Cache-Control", "no-store");
  }

  @Test
  void theLongestKeyOfASessionFitsIntoARequest() {
    var key = "%E9%89%84".repeat(511);

    var answer = submit("%41" + key, says("ok"));

    answer.then().statusCode(202).body("session.length()", equalTo(512));
  }

  @Test
  void headersThatAreTooLargeAreRefused() {
    admin().header("X-Long", "x".repeat(20_000)).get("/v1/turns").then().statusCode(431);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 1_000, 20_000})
  void aBodyThatIsNestedWithoutEndIsRefused(int depth) {
    var body = "{\"metadata\":".repeat(depth) + "1" + "}".repeat(depth);

    var answer = submit(newSession(), body);

    assertEquals(400, answer.statusCode());
    answer.then().body("detail.length()", greaterThan(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"?limt=5", "?limit=5&limit=6", "?LIMIT=5", "?%6c=1", "?x"})
  void aQueryThatWouldBeIgnoredIsRefused(String query) {
    var answer = admin().get("/v1/turns" + query);

    var name = query.contains("limit=5&") ? "limit" : query.replaceAll("[?]|=.*", "");
    Refusals.check(answer, ProblemType.INVALID_PARAMETER, name.equals("%6c") ? "l" : name);
    assertEquals(
        404, admin().get("/v1/turns/" + UUID.randomUUID()).statusCode(), "no query is needed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/turns                  | GET, HEAD, OPTIONS
          /v1/sessions/hello         | DELETE, GET, HEAD, OPTIONS, PATCH
          /v1/sessions/hello/abort   | OPTIONS, POST
          """)
  void whoeverAsksOrUsesAWrongMethodIsToldTheRightOnes(String path, String methods) {
    admin().options(path).then().statusCode(200).header("Allow", equalTo(methods));
    admin().put(path).then().statusCode(405).header("Allow", equalTo(methods));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-m", "--yolo", "-"})
  void aModelThatACliWouldTakeForAnOptionIsRefused(String model) {
    var answer = submit(newSession(), says("ok", "\"model\":\"" + model + "\""));

    Refusals.check(answer, ProblemType.INVALID_FIELD, "/model");
  }
}
