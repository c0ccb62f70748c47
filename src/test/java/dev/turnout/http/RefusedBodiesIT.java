package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static dev.turnout.http.ProblemType.INVALID_FIELD;
import static dev.turnout.http.ProblemType.MALFORMED_JSON;
import static dev.turnout.http.ProblemType.MISSING_BODY;
import static dev.turnout.http.ProblemType.UNKNOWN_FIELD;
import static dev.turnout.http.ProblemType.UNSUPPORTED_FIELD;
import static dev.turnout.http.ProblemType.WRONG_TYPE;

import dev.turnout.http.Refusals.Case;
import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A body that does not hold is refused before anything is written, and its flaw has a place. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class RefusedBodiesIT {
  private static final String TEXT = "\"input\":{\"text\":\"ok\"}";

  @Inject DataSource database;

  static Stream<Case> documents() {
    return Stream.of(
        turn("broken JSON", "{\"input\":{\"text\":\"ok\"", MALFORMED_JSON, ""),
        turn("no JSON", "text=ok", MALFORMED_JSON, ""),
        turn("two documents", "{" + TEXT + "} {}", MALFORMED_JSON, ""),
        turn("a field twice", "{" + TEXT + "," + TEXT + "}", MALFORMED_JSON, ""),
        turn("a comment", "{/* */" + TEXT + "}", MALFORMED_JSON, ""),
        turn("nothing", "", MISSING_BODY, ""),
        turn("white space", " \n ", MISSING_BODY, ""),
        turn("null", "null", MISSING_BODY, ""),
        turn("an array", "[]", WRONG_TYPE, ""),
        turn("a text", "\"ok\"", WRONG_TYPE, ""),
        turn("an unknown field", "{" + TEXT + ",\"prio\":1}", UNKNOWN_FIELD, "/prio"),
        turn("an unknown field below", "{\"input\":{\"txt\":1}}", UNKNOWN_FIELD, "/input/txt"),
        turn("a name that needs escapes", "{" + TEXT + ",\"a/b~c\":1}", UNKNOWN_FIELD, "/a~1b~0c"),
        turn("a planned field", "{" + TEXT + ",\"callback\":{}}", UNSUPPORTED_FIELD, "/callback"),
        turn(
            "a planned field below",
            "{\"input\":{\"attachments\":[]}}",
            UNSUPPORTED_FIELD,
            "/input/attachments"));
  }

  static Stream<Case> inputs() {
    var limit = ScriptedApplication.MAX_INPUT;
    return Stream.of(
        turn("no input", "{}", INVALID_FIELD, "/input"),
        turn("input null", "{\"input\":null}", INVALID_FIELD, "/input"),
        turn("input a text", "{\"input\":\"ok\"}", WRONG_TYPE, "/input"),
        turn("no text", "{\"input\":{}}", INVALID_FIELD, "/input/text"),
        turn("text null", "{\"input\":{\"text\":null}}", INVALID_FIELD, "/input/text"),
        turn("text a number", "{\"input\":{\"text\":1}}", WRONG_TYPE, "/input/text"),
        turn("text a boolean", "{\"input\":{\"text\":true}}", WRONG_TYPE, "/input/text"),
        turn("text an array", "{\"input\":{\"text\":[\"ok\"]}}", WRONG_TYPE, "/input/text"),
        turn("empty text", says(""), INVALID_FIELD, "/input/text"),
        turn("blank text", says(" \\n\\t "), INVALID_FIELD, "/input/text"),
        turn("NUL", says("a\\u0000b"), INVALID_FIELD, "/input/text"),
        turn("half a surrogate pair", says("a\\ud83d"), INVALID_FIELD, "/input/text"),
        turn("a long text", says("a".repeat(limit + 1)), INVALID_FIELD, "/input/text"),
        turn("long in UTF-8", says("é".repeat(limit / 2 + 1)), INVALID_FIELD, "/input/text"),
        turn("ten megabytes", says("a".repeat(10_000_000)), INVALID_FIELD, "/input/text"));
  }

  static Stream<Case> fields() {
    return Stream.of(
        field("agent", "\"nobody\"", INVALID_FIELD),
        field("agent", "\"\"", INVALID_FIELD),
        field("agent", "7", WRONG_TYPE),
        field("lane", "\"nowhere\"", INVALID_FIELD),
        field("lane", "\"" + "l".repeat(101) + "\"", INVALID_FIELD),
        field("model", "\"\"", INVALID_FIELD),
        field("model", "\"a\\u0000b\"", INVALID_FIELD),
        field("model", "\"a\\ud83d\"", INVALID_FIELD),
        field("mode", "\"loudly\"", INVALID_FIELD),
        field("mode", "\"FOLLOWUP\"", INVALID_FIELD),
        field("mode", "1", INVALID_FIELD),
        field("recovery", "\"maybe\"", INVALID_FIELD),
        field("priority", "101", INVALID_FIELD),
        field("priority", "-101", INVALID_FIELD),
        field("priority", "1.5", WRONG_TYPE),
        field("priority", "\"1\"", WRONG_TYPE),
        field("priority", "99999999999", INVALID_FIELD),
        field("notBefore", "\"tomorrow\"", INVALID_FIELD),
        field("notBefore", "\"2036-01-31T08:00:00\"", INVALID_FIELD),
        field("notBefore", "\"2036-01-31\"", INVALID_FIELD),
        field("notBefore", "\"\"", INVALID_FIELD),
        field("notBefore", "\"12345-01-31T08:00:00Z\"", INVALID_FIELD),
        field("notBefore", "2084600000", WRONG_TYPE),
        field("expiresAt", "\"2020-01-31T08:00:00Z\"", INVALID_FIELD),
        turn(
            "expiresAt before notBefore",
            says(
                "ok",
                "\"notBefore\":\"2036-02-01T00:00:00Z\",\"expiresAt\":\"2036-01-01T00:00:00Z\""),
            INVALID_FIELD,
            "/expiresAt"));
  }

  static Stream<Case> metadata() {
    var many =
        IntStream.rangeClosed(1, 33)
            .mapToObj(i -> "\"k" + i + "\":\"v\"")
            .collect(Collectors.joining(","));
    return Stream.of(
        field("metadata", "[]", WRONG_TYPE),
        field("metadata", "{" + many + "}", INVALID_FIELD),
        below("{\"a\":1}", "/metadata/a", WRONG_TYPE),
        below("{\"a\":null}", "/metadata/a", INVALID_FIELD),
        below("{\"a\":\"" + "v".repeat(1_025) + "\"}", "/metadata/a", INVALID_FIELD),
        below("{\"a\":\"\\u0000\"}", "/metadata/a", INVALID_FIELD),
        below("{\"\":\"v\"}", "/metadata/", INVALID_FIELD),
        below("{\"" + "/".repeat(65) + "\":\"v\"}", "/metadata/" + "~1".repeat(65), INVALID_FIELD),
        field("metadata", "{\"a\\u0000\":\"v\"}", INVALID_FIELD));
  }

  static Stream<Case> otherBodies() {
    var session = newSession();
    return Stream.of(
        call("PATCH", "/v1/sessions/" + session, "{", MALFORMED_JSON, ""),
        call("PATCH", "/v1/sessions/" + session, "", MISSING_BODY, ""),
        call("PATCH", "/v1/sessions/" + session, "{\"key\":\"x\"}", UNKNOWN_FIELD, "/key"),
        call("PATCH", "/v1/sessions/" + session, "{\"agent\":\"x\"}", INVALID_FIELD, "/agent"),
        call(
            "PATCH",
            "/v1/sessions/" + session,
            "{\"metadata\":{\"a\":\"\\ud83d\"}}",
            INVALID_FIELD,
            "/metadata/a"),
        key("{\"scopes\":[\"read\"]}", INVALID_FIELD, "/name"),
        key("{\"name\":\" \",\"scopes\":[\"read\"]}", INVALID_FIELD, "/name"),
        key("{\"name\":\"a\\u0000b\",\"scopes\":[\"read\"]}", INVALID_FIELD, "/name"),
        key("{\"name\":\"a\"}", INVALID_FIELD, "/scopes"),
        key("{\"name\":\"a\",\"scopes\":[]}", INVALID_FIELD, "/scopes"),
        key("{\"name\":\"a\",\"scopes\":\"read\"}", WRONG_TYPE, "/scopes"),
        key("{\"name\":\"a\",\"scopes\":[\"root\"]}", INVALID_FIELD, "/scopes/0"),
        key("{\"name\":\"a\",\"scopes\":[\"read\"],\"tenant\":\"A b\"}", INVALID_FIELD, "/tenant"),
        key(
            "{\"name\":\"a\",\"scopes\":[\"read\"],\"expiresAt\":\"2020-01-31T08:00:00Z\"}",
            INVALID_FIELD,
            "/expiresAt"));
  }

  @ParameterizedTest
  @MethodSource({"documents", "inputs", "fields", "metadata", "otherBodies"})
  void aBodyThatDoesNotHoldIsRefused(Case refused) throws SQLException {
    Refusals.check(refused, database);
  }

  private static Case turn(String name, String body, ProblemType type, @Nullable String place) {
    return new Case(name, () -> submit("refused-" + name.hashCode(), body), type, place);
  }

  private static Case field(String name, String value, ProblemType type) {
    return turn(
        name + " " + (value.length() > 40 ? value.length() + " characters" : value),
        "{" + TEXT + ",\"" + name + "\":" + value + "}",
        type,
        "/" + name);
  }

  private static Case below(String metadata, String place, ProblemType type) {
    return turn(
        "metadata " + (metadata.length() > 40 ? "too long" : metadata),
        "{" + TEXT + ",\"metadata\":" + metadata + "}",
        type,
        place);
  }

  private static Case key(String body, ProblemType type, String place) {
    return call("POST", "/admin/v1/keys", body, type, place);
  }

  private static Case call(
      String method, String path, String body, ProblemType type, String place) {
    return new Case(
        method + " " + path.substring(0, 9) + " " + body,
        () -> admin().contentType(ContentType.JSON).body(body).request(method, path),
        type,
        place);
  }
}
