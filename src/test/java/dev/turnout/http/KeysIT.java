package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.makeKey;
import static dev.turnout.http.Api.newKey;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static dev.turnout.http.Api.with;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Keys open what their scopes say, until they are revoked. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class KeysIT {
  @Inject DataSource database;

  @Test
  void theSecretIsShownOnceAndKeptNowhere() throws SQLException {
    var made = makeKey("default", "turns", "read");
    String secret = made.path("key");
    String id = made.path("id");

    assertTrue(secret.startsWith(made.<String>path("prefix")));
    assertEquals("no-store", made.header("Cache-Control"));
    assertEquals("/admin/v1/keys/" + id, made.header("Location"));
    assertEquals(List.of("turns", "read"), made.path("scopes"));
    admin()
        .get("/admin/v1/keys/" + id)
        .then()
        .statusCode(200)
        .body("key", nullValue())
        .body("prefix", equalTo(made.path("prefix")));
    admin()
        .get("/admin/v1/keys")
        .then()
        .body("items.id", hasItem(id))
        .body(not(containsString(secret)));
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "select k::text from turnout.api_key k where id = ?::uuid")) {
      statement.setString(1, id);
      try (var row = statement.executeQuery()) {
        assertTrue(row.next());
        assertTrue(!row.getString(1).contains(secret));
      }
    }
  }

  @Test
  void keysComeInPagesNewestFirst() {
    var older = makeKey("default", "read").<String>path("id");
    var newer = makeKey("default", "read").<String>path("id");

    var first = admin().get("/admin/v1/keys?limit=1");

    assertEquals(List.of(newer), first.path("items.id"));
    admin()
        .get("/admin/v1/keys?limit=1&cursor=" + first.path("next"))
        .then()
        .body("items.id", equalTo(List.of(older)));
  }

  @Test
  void aReaderReadsAndNothingElse() {
    var session = newSession();
    String turn = submit(session, says("ok")).path("id");
    var reader = newKey("default", "read");

    with(reader).get("/v1/turns/" + turn).then().statusCode(200);
    with(reader).get("/v1/sessions/" + session).then().statusCode(200);
    with(reader).get("/q/metrics").then().statusCode(200);

    var submitted = submit(with(reader), session, says("ok"));
    Refusals.check(submitted, ProblemType.SCOPE_MISSING, null);
    submitted.then().body("detail", containsString("turns"));
    var cancelled = with(reader).post("/v1/turns/" + turn + "/cancel");
    Refusals.check(cancelled, ProblemType.SCOPE_MISSING, null);
    var aborted = with(reader).post("/v1/sessions/" + session + "/abort");
    Refusals.check(aborted, ProblemType.SCOPE_MISSING, null);
    var listed = with(reader).get("/admin/v1/keys");
    Refusals.check(listed, ProblemType.SCOPE_MISSING, null);
  }

  @Test
  void aSubmitterIsNoOperator() {
    var submitter = newKey("default", "turns");
    submit(with(submitter), newSession(), says("ok")).then().statusCode(202);

    var listed = with(submitter).get("/admin/v1/keys");
    Refusals.check(listed, ProblemType.SCOPE_MISSING, null);
    listed.then().body("detail", containsString("admin"));
    var metrics = with(submitter).get("/q/metrics");
    Refusals.check(metrics, ProblemType.SCOPE_MISSING, null);
  }

  @Test
  void aRevokedKeyOpensNothing() {
    var made = makeKey("default", "turns");
    String secret = made.path("key");
    with(secret).get("/v1/turns").then().statusCode(200);

    admin().delete("/admin/v1/keys/" + made.path("id")).then().statusCode(204);

    Refusals.check(submit(with(secret), newSession(), says("ok")), ProblemType.INVALID_KEY, null);
    admin()
        .get("/admin/v1/keys/" + made.path("id"))
        .then()
        .body("revokedAt", notNullValue())
        .body("lastUsedAt", notNullValue());
    admin().delete("/admin/v1/keys/" + made.path("id")).then().statusCode(204);
  }

  @Test
  void aKeyDoesNotRevokeItself() {
    var made = makeKey("default", "admin");
    String secret = made.path("key");

    var answer = with(secret).delete("/admin/v1/keys/" + made.path("id"));

    Refusals.check(answer, ProblemType.KEY_IN_USE, null);
    with(secret).get("/admin/v1/keys").then().statusCode(200);
  }
}
