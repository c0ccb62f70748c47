package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.anonymous;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static dev.turnout.http.Api.with;
import static dev.turnout.http.ProblemType.INVALID_HEADER;
import static dev.turnout.http.ProblemType.INVALID_PARAMETER;
import static dev.turnout.http.ProblemType.KEY_NOT_FOUND;
import static dev.turnout.http.ProblemType.METHOD_NOT_ALLOWED;
import static dev.turnout.http.ProblemType.NOT_FOUND;
import static dev.turnout.http.ProblemType.SESSION_NOT_FOUND;
import static dev.turnout.http.ProblemType.TURN_NOT_FOUND;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.http.Refusals.Case;
import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is around a body is refused like the body: with a problem, and before anything is written.
 */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class RefusedRequestsIT {
  private static final String NOWHERE = UUID.randomUUID().toString();

  @Inject DataSource database;

  static Stream<Case> headers() {
    return Stream.of(
        submitting("a space in the key", r -> r.header("Idempotency-Key", "a b"), INVALID_HEADER),
        submitting("a long key", r -> r.header("Idempotency-Key", "k".repeat(256)), INVALID_HEADER),
        submitting("an empty key", r -> r.header("Idempotency-Key", ""), INVALID_HEADER),
        submitting(
            "two keys",
            r -> r.header("Idempotency-Key", "a").header("Idempotency-Key", "b"),
            INVALID_HEADER),
        typed("text/plain", "Content-Type", ProblemType.UNSUPPORTED_MEDIA_TYPE),
        typed("application/xml", "Content-Type", ProblemType.UNSUPPORTED_MEDIA_TYPE),
        new Case(
            "an Accept that nothing has",
            () -> submit(admin().accept("application/xml"), "refused", says("ok")),
            ProblemType.NOT_ACCEPTABLE,
            "Accept"),
        get("/v1/turns/" + NOWHERE + "/events", "Last-Event-ID", "seven", INVALID_HEADER),
        get("/v1/turns/" + NOWHERE + "/events", "Last-Event-ID", "-1", INVALID_HEADER),
        get("/v1/turns/" + NOWHERE + "/events", "Last-Event-ID", "99999999999", INVALID_HEADER));
  }

  static Stream<Case> sessionKeys() {
    return Stream.of(
        session("k".repeat(513), INVALID_PARAMETER, "key"),
        session("%00", INVALID_PARAMETER, "key"),
        session("a%0Ab", INVALID_PARAMETER, "key"),
        session("a%7Fb", INVALID_PARAMETER, "key"),
        session("a%E2%80%8Bb", INVALID_PARAMETER, "key"),
        session("%20a", INVALID_PARAMETER, "key"),
        session("a%20", INVALID_PARAMETER, "key"),
        session("%C3%28", INVALID_PARAMETER, "key"),
        new Case(
            "an empty session key",
            () -> submit(admin(), "", says("ok")),
            METHOD_NOT_ALLOWED,
            null));
  }

  static Stream<Case> parameters() {
    return Stream.of("/v1/turns", "/v1/sessions", "/admin/v1/keys")
        .flatMap(
            list ->
                Stream.of(
                    get(list + "?limit=0", INVALID_PARAMETER, "limit"),
                    get(list + "?limit=201", INVALID_PARAMETER, "limit"),
                    get(list + "?limit=-1", INVALID_PARAMETER, "limit"),
                    get(list + "?limit=1.5", INVALID_PARAMETER, "limit"),
                    get(list + "?limit=ten", INVALID_PARAMETER, "limit"),
                    get(list + "?limit=", INVALID_PARAMETER, "limit"),
                    get(list + "?cursor=abc", INVALID_PARAMETER, "cursor"),
                    get(list + "?cursor=%21%21", INVALID_PARAMETER, "cursor")));
  }

  static Stream<Case> otherParameters() {
    return Stream.of(
        get("/v1/sessions?prefix=" + "p".repeat(513), INVALID_PARAMETER, "prefix"),
        get("/v1/sessions?prefix=%00", INVALID_PARAMETER, "prefix"),
        get("/v1/turns/" + NOWHERE + "/events?after=seven", INVALID_PARAMETER, "after"),
        get("/v1/turns/" + NOWHERE + "/events?after=-1", INVALID_PARAMETER, "after"));
  }

  static Stream<Case> unknownThings() {
    return Stream.of(
        get("/v1/turns/" + NOWHERE, TURN_NOT_FOUND, null),
        get("/v1/turns/7", TURN_NOT_FOUND, null),
        get("/v1/turns/" + NOWHERE + "/events", TURN_NOT_FOUND, null),
        call("POST", "/v1/turns/" + NOWHERE + "/cancel", TURN_NOT_FOUND),
        call("POST", "/v1/turns/7/cancel", TURN_NOT_FOUND),
        get("/v1/sessions/nobody", SESSION_NOT_FOUND, null),
        get("/v1/sessions/nobody/turns", SESSION_NOT_FOUND, null),
        call("POST", "/v1/sessions/nobody/abort", SESSION_NOT_FOUND),
        new Case(
            "PATCH nobody",
            () -> admin().contentType(ContentType.JSON).body("{}").patch("/v1/sessions/nobody"),
            SESSION_NOT_FOUND,
            null),
        get("/admin/v1/keys/" + NOWHERE, KEY_NOT_FOUND, null),
        get("/admin/v1/keys/7", KEY_NOT_FOUND, null),
        call("DELETE", "/admin/v1/keys/" + NOWHERE, KEY_NOT_FOUND),
        get("/", NOT_FOUND, null),
        get("/v1", NOT_FOUND, null),
        get("/v1/nothing", NOT_FOUND, null),
        get("/admin/v1/nothing", NOT_FOUND, null),
        call("POST", "/v1/nothing", NOT_FOUND),
        call("PUT", "/v1/turns/" + NOWHERE, METHOD_NOT_ALLOWED),
        call("DELETE", "/v1/sessions", METHOD_NOT_ALLOWED),
        call("GET", "/v1/turns/" + NOWHERE + "/cancel", METHOD_NOT_ALLOWED),
        call("PUT", "/v1/sessions/nobody/turns", METHOD_NOT_ALLOWED));
  }

  static Stream<Case> keys() {
    return Stream.of(
        key("none", Api::anonymous, ProblemType.MISSING_KEY),
        key(
            "Basic",
            () -> anonymous().header("Authorization", "Basic YTpi"),
            ProblemType.MISSING_KEY),
        key("an empty one", () -> with(""), ProblemType.MISSING_KEY),
        key("an unknown one", () -> with("turnout_unknown"), ProblemType.INVALID_KEY),
        key("a very long one", () -> with("k".repeat(5_000)), ProblemType.INVALID_KEY),
        key("a binary one", () -> with("\u00ff\u00fe"), ProblemType.INVALID_KEY));
  }

  @ParameterizedTest
  @MethodSource({
    "headers",
    "sessionKeys",
    "parameters",
    "otherParameters",
    "unknownThings",
    "keys"
  })
  void aRequestThatDoesNotHoldIsRefused(Case refused) throws SQLException {
    Refusals.check(refused, database);
  }

  @Test
  void aMethodThatDoesNotWorkIsAnsweredWithThoseThatDo() {
    admin()
        .put("/v1/sessions/a/turns")
        .then()
        .statusCode(405)
        .header("Allow", equalTo("GET, HEAD, OPTIONS, POST"));
  }

  @Test
  void aMissingKeyIsAskedForAndAWrongOneIsNamedWrong() {
    anonymous().get("/v1/turns").then().header("WWW-Authenticate", equalTo("Bearer"));
    with("wrong-key-wrong-key")
        .get("/v1/turns")
        .then()
        .header("WWW-Authenticate", containsString("invalid_token"));
  }

  @Test
  void aPreferenceThatCannotBeReadIsNone() {
    // RFC 7240 asks for it: a preference is a wish, and no reason to refuse a turn.
    var session = Api.newSession();
    submit(admin().header("Prefer", "wait=soon"), session, says("ok"))
        .then()
        .statusCode(202)
        .header("Preference-Applied", nullValue());
  }

  @Test
  void aBodyOverTheLimitIsRefusedWhetherItsLengthIsAnnouncedOrNot() throws Exception {
    var announced = BodyPublishers.ofByteArray(tooMuch());
    var chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooMuch()));

    assertEquals(413, post(announced));
    assertEquals(413, post(chunked));
  }

  private static byte[] tooMuch() {
    return new byte[JsonBodyReader.LIMIT + 1];
  }

  private static int post(HttpRequest.BodyPublisher body) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + RestAssured.port + "/v1/sessions/big/turns"))
            .header("Authorization", "Bearer " + ScriptedApplication.ADMIN_KEY)
            .header("Content-Type", "application/json")
            .POST(body)
            .build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString()).statusCode();
    }
  }

  private static Case submitting(
      String name, UnaryOperator<RequestSpecification> change, ProblemType type) {
    return new Case(
        name, () -> submit(change.apply(admin()), "refused", says("ok")), type, "Idempotency-Key");
  }

  private static Case typed(String contentType, String place, ProblemType type) {
    return new Case(
        contentType,
        () ->
            admin()
                .contentType(contentType)
                .body("ok".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .post("/v1/sessions/refused/turns"),
        type,
        place);
  }

  private static Case session(String key, ProblemType type, @Nullable String place) {
    return new Case(
        "session " + (key.length() > 40 ? key.length() + " characters" : key),
        () -> submit(key, says("ok")),
        type,
        place);
  }

  private static Case get(String path, ProblemType type, @Nullable String place) {
    return new Case(
        path.length() > 80 ? path.substring(0, 80) : path, () -> admin().get(path), type, place);
  }

  private static Case get(String path, String header, String value, ProblemType type) {
    return new Case(
        header + ": " + value, () -> admin().header(header, value).get(path), type, header);
  }

  private static Case call(String method, String path, ProblemType type) {
    return new Case(method + " " + path, () -> admin().request(method, path), type, null);
  }

  private static Case key(String name, Supplier<RequestSpecification> request, ProblemType type) {
    return new Case("key: " + name, () -> submit(request.get(), "refused", says("ok")), type, null);
  }
}
