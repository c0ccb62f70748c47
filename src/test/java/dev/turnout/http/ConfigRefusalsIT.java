package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.newKey;
import static dev.turnout.http.Api.with;
import static dev.turnout.http.ConfigIT.PATH;
import static dev.turnout.http.ConfigIT.based;
import static dev.turnout.http.ConfigIT.etag;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What calls of the configuration refuse, naming the place and writing nothing. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class ConfigRefusalsIT {
  @Inject DataSource database;

  static Stream<Refusals.Case> refusals() {
    return Stream.of(
        refusal(
            "no If-Match",
            () -> json().body("{}").patch(PATH),
            ProblemType.PRECONDITION_REQUIRED,
            "If-Match"),
        refusal(
            "no If-Match on PUT",
            () -> json().body("{}").put(PATH),
            ProblemType.PRECONDITION_REQUIRED,
            "If-Match"),
        refusal(
            "a tag without quotes",
            () -> json().header("If-Match", "1").body("{}").patch(PATH),
            ProblemType.INVALID_HEADER,
            "If-Match"),
        refusal(
            "any tag",
            () -> json().header("If-Match", "*").body("{}").patch(PATH),
            ProblemType.INVALID_HEADER,
            "If-Match"),
        refusal(
            "a weak tag",
            () -> json().header("If-Match", "W/\"1\"").body("{}").patch(PATH),
            ProblemType.INVALID_HEADER,
            "If-Match"),
        refusal(
            "a tag of the future",
            () -> json().header("If-Match", "\"999999\"").body("{}").patch(PATH),
            ProblemType.STALE_REVISION,
            "If-Match"),
        refusal(
            "no JSON", () -> based(etag()).body("{").patch(PATH), ProblemType.MALFORMED_JSON, ""),
        refusal(
            "a name twice",
            () -> based(etag()).body("{\"queue\":{},\"queue\":{}}").patch(PATH),
            ProblemType.MALFORMED_JSON,
            ""),
        refusal("no body", () -> based(etag()).patch(PATH), ProblemType.MISSING_BODY, null),
        refusal(
            "a list", () -> based(etag()).body("[]").patch(PATH), ProblemType.INVALID_FIELD, ""),
        refusal(
            "null",
            () -> based(etag()).contentType("application/json").body("null").put(PATH),
            ProblemType.INVALID_FIELD,
            ""),
        refusal(
            "text",
            () -> based(etag()).contentType("text/plain").body("{}").patch(PATH),
            ProblemType.UNSUPPORTED_MEDIA_TYPE,
            "Content-Type"),
        refusal(
            "a merge patch to PUT",
            () -> based(etag()).body("{}").put(PATH),
            ProblemType.UNSUPPORTED_MEDIA_TYPE,
            "Content-Type"),
        refusal(
            "static",
            () -> based(etag()).body("{\"lease\":\"3s\"}").patch(PATH),
            ProblemType.INVALID_FIELD,
            "/lease"),
        refusal(
            "unknown",
            () -> based(etag()).body("{\"lane\":{}}").patch(PATH),
            ProblemType.INVALID_FIELD,
            "/lane"),
        refusal(
            "a secret",
            () ->
                based(etag())
                    .body(
                        "{\"auth-profiles\":{\"p\":{\"provider\":\"openai\",\"secret\":\"sk-live-0123456789\"}}}")
                    .patch(PATH),
            ProblemType.INVALID_FIELD,
            "/auth-profiles/p/secret"),
        refusal(
            "dryRun",
            () -> based(etag()).body("{}").patch(PATH + "?dryRun=yes"),
            ProblemType.INVALID_PARAMETER,
            "dryRun"),
        refusal(
            "a comment of two lines",
            () -> based(etag()).body("{}").patch(PATH + "?comment=a%0Ab"),
            ProblemType.INVALID_PARAMETER,
            "comment"),
        refusal(
            "no such revision",
            () -> admin().get(PATH + "/revisions/999999"),
            ProblemType.REVISION_NOT_FOUND,
            null),
        refusal(
            "no number",
            () -> admin().get(PATH + "/revisions/first"),
            ProblemType.REVISION_NOT_FOUND,
            null),
        refusal(
            "a foreign cursor",
            () -> admin().get(PATH + "/revisions?cursor=x"),
            ProblemType.INVALID_PARAMETER,
            "cursor"),
        refusal(
            "back to nowhere",
            () -> json().body("{\"revision\":999999}").post(PATH + "/rollback"),
            ProblemType.REVISION_NOT_FOUND,
            null),
        refusal(
            "back to nothing",
            () -> json().body("{}").post(PATH + "/rollback"),
            ProblemType.INVALID_FIELD,
            "/revision"),
        refusal(
            "back from the past",
            () ->
                json()
                    .header("If-Match", "\"0\"")
                    .body("{\"revision\":1}")
                    .post(PATH + "/rollback"),
            ProblemType.STALE_REVISION,
            "If-Match"),
        refusal(
            "no admin",
            () -> with(newKey("default", "turns", "read")).get(PATH),
            ProblemType.SCOPE_MISSING,
            null),
        refusal(
            "no admin, replicas",
            () -> with(newKey("default", "read")).get("/admin/v1/replicas"),
            ProblemType.SCOPE_MISSING,
            null));
  }

  private static RequestSpecification json() {
    return admin().contentType("application/json");
  }

  private static Refusals.Case refusal(
      String name, Supplier<Response> send, ProblemType type, @Nullable String place) {
    return new Refusals.Case(name, send, type, place);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusedAndNothingIsWritten(Refusals.Case refused) throws SQLException {
    long before = ConfigIT.revisions(database);
    var answer = refused.send().get();

    Refusals.check(answer, refused.type(), refused.place());
    assertFalse(answer.asString().contains("0123456789"), "a secret is repeated");
    assertEquals(before, ConfigIT.revisions(database));
  }
}
