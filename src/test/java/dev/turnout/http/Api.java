package dev.turnout.http;

import static io.restassured.RestAssured.given;

import dev.turnout.testing.ScriptedApplication;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** Requests as clients make them. */
final class Api {
  private static final Queue<String> SESSIONS = new ConcurrentLinkedQueue<>();

  private Api() {}

  /** With the admin's key. */
  static RequestSpecification admin() {
    return with(ScriptedApplication.ADMIN_KEY);
  }

  static RequestSpecification with(String key) {
    return anonymous().header("Authorization", "Bearer " + key);
  }

  static RequestSpecification anonymous() {
    return given()
        .urlEncodingEnabled(false)
        .config(
            RestAssuredConfig.config()
                .encoderConfig(
                    EncoderConfig.encoderConfig()
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false)));
  }

  /** A key that nobody has used; what runs in it is ended by {@link #endEverything}. */
  static String newSession() {
    var session = "s-" + UUID.randomUUID();
    SESSIONS.add(session);
    return session;
  }

  /** Ends what tests left running: each would keep a place in the lane. */
  static void endEverything() {
    for (var session = SESSIONS.poll(); session != null; session = SESSIONS.poll()) {
      admin().post("/v1/sessions/" + session + "/abort");
    }
  }

  static Response submit(String session, String body) {
    return submit(admin(), session, body);
  }

  static Response submit(RequestSpecification request, String session, String body) {
    return request
        .contentType(ContentType.JSON)
        .body(body)
        .post("/v1/sessions/" + session + "/turns");
  }

  /** Submits a turn that must be accepted, and answers its id. */
  static String accept(String session, String text) {
    return submit(session, says(text)).then().statusCode(202).extract().path("id");
  }

  /** Submits a turn, waits for its end, and answers what became of it. */
  static Response finish(String session, String text) {
    return submit(admin().header("Prefer", "wait=30"), session, says(text))
        .then()
        .statusCode(200)
        .extract()
        .response();
  }

  /** The turn when it has ended. */
  static Response await(String turn) {
    return admin().header("Prefer", "wait=30").get("/v1/turns/" + turn);
  }

  /** The secret of a new key. */
  static String newKey(String tenant, String... scopes) {
    return makeKey(tenant, scopes).path("key");
  }

  static Response makeKey(String tenant, String... scopes) {
    var quoted =
        List.of(scopes).stream()
            .map(scope -> "\"" + scope + "\"")
            .collect(Collectors.joining(",", "[", "]"));
    return admin()
        .contentType(ContentType.JSON)
        .body("{\"name\":\"test\",\"tenant\":\"" + tenant + "\",\"scopes\":" + quoted + "}")
        .post("/admin/v1/keys")
        .then()
        .statusCode(201)
        .extract()
        .response();
  }

  /** A body with this text, which must need no escapes. */
  static String says(String text) {
    return "{\"input\":{\"text\":\"" + text + "\"}}";
  }

  /** The same with more fields. */
  static String says(String text, String fields) {
    return "{\"input\":{\"text\":\"" + text + "\"}," + fields + "}";
  }
}
