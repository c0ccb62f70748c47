package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.makeKey;
import static dev.turnout.http.Api.with;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys get new texts and rates of their own without becoming other keys. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class KeyRotationIT {
  @Inject DataSource database;

  private static Response rotate(String id, String body) {
    return admin().contentType("application/json").body(body).post(path(id) + "/rotate");
  }

  private static Response change(String id, String body) {
    return admin().contentType("application/json").body(body).patch(path(id));
  }

  private static String path(String id) {
    return "/admin/v1/keys/" + id;
  }

  private void end(String table, String column, String id) throws SQLException {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "update turnout."
                    + table
                    + " set ends_at = 'epoch' where "
                    + column
                    + "::text = ?")) {
      statement.setString(1, id);
      assertEquals(1, statement.executeUpdate());
    }
  }

  @Test
  void theOldTextEndsAtOnceUnlessSomebodyAsksForMore() {
    var made = makeKey("acme", "read");
    String before = made.path("key");
    String id = made.path("id");
    with(before).get("/v1/turns").then().statusCode(200);

    var rotated = rotate(id, "{}");

    rotated.then().statusCode(200).header("Cache-Control", "no-store").body("id", equalTo(id));
    String after = rotated.path("key");
    assertNotEquals(before, after);
    assertTrue(after.startsWith(rotated.<String>path("prefix")));
    Refusals.check(with(before).get("/v1/turns"), ProblemType.INVALID_KEY, null);
    with(after).get("/v1/turns").then().statusCode(200);
    admin().get(path(id)).then().body("key", nullValue()).body("tenant", equalTo("acme"));
  }

  @Test
  void bothTextsOpenWhileTheyOverlap() throws SQLException {
    var made = makeKey("default", "read");
    String first = made.path("key");
    String id = made.path("id");
    String second = rotate(id, "{\"overlapSeconds\":3600}").path("key");
    String third = rotate(id, "{\"overlapSeconds\":0}").path("key");

    with(first).get("/v1/turns").then().statusCode(200);
    Refusals.check(with(second).get("/v1/turns"), ProblemType.INVALID_KEY, null);
    with(third).get("/v1/turns").then().statusCode(200);

    with(third).get("/v1/turns");
    admin().delete(path(id)).then().statusCode(204);
    Refusals.check(with(first).get("/v1/turns"), ProblemType.INVALID_KEY, null);
    Refusals.check(with(third).get("/v1/turns"), ProblemType.INVALID_KEY, null);
  }

  @Test
  void theTrailHasWhoRotatedAndNoText() {
    var made = makeKey("default", "read");
    String id = made.path("id");
    String after = rotate(id, "{\"overlapSeconds\":60}").path("key");

    var trail = admin().get("/admin/v1/audit?target=" + id + "&action=key.rotate");

    trail.then().body("items.size()", equalTo(1)).body("items[0].result", equalTo("done"));
    assertFalse(trail.asString().contains(after));
    assertFalse(trail.asString().contains(made.<String>path("key")));
  }

  @Test
  void whatHasEndedGetsNoNewText() {
    String id = makeKey("default", "read").path("id");
    admin().delete(path(id)).then().statusCode(204);

    Refusals.check(rotate(id, "{}"), ProblemType.KEY_ENDED, null);
    Refusals.check(rotate(UUID.randomUUID().toString(), "{}"), ProblemType.KEY_NOT_FOUND, null);
    Refusals.check(rotate("no-id", "{}"), ProblemType.KEY_NOT_FOUND, null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rotate | {\"overlapSeconds\":-1}      | /overlapSeconds",
        "rotate | {\"overlapSeconds\":2592001} | /overlapSeconds",
        "change | {\"rate\":{}}                | /rate/perSecond",
        "change | {\"rate\":{\"perSecond\":-1}} | /rate/perSecond",
        "change | {\"rate\":{\"perSecond\":1,\"burst\":0}} | /rate/burst"
      })
  void whatDoesNotHoldIsRefusedByItsPlace(String call, String body, String pointer) {
    String id = makeKey("default", "read").path("id");

    var answer = call.equals("rotate") ? rotate(id, body) : change(id, body);

    Refusals.check(answer, ProblemType.INVALID_FIELD, pointer);
  }

  @Test
  void aKeyWithARateOfItsOwnIsHeldToIt() {
    var made = makeKey("default", "read");
    String key = made.path("key");
    String id = made.path("id");
    with(key).get("/v1/turns").then().statusCode(200).header("RateLimit", nullValue());

    change(id, "{\"rate\":{\"perSecond\":1,\"burst\":2}}")
        .then()
        .statusCode(200)
        .body("rate.perSecond", equalTo(1))
        .body("rate.burst", equalTo(2));

    with(key).get("/v1/turns").then().header("RateLimit-Policy", "\"key\";q=2;w=2");
    admin().get(path(id)).then().body("rate.burst", equalTo(2));
    change(id, "{}").then().body("rate.burst", equalTo(2));
    change(id, "{\"rate\":{\"perSecond\":0}}").then().statusCode(200).body("rate", nullValue());
    with(key).get("/v1/turns").then().statusCode(200).header("RateLimit", nullValue());
    admin()
        .get("/admin/v1/audit?target=" + id + "&action=key.change")
        .then()
        .body("items[0].before.rate.burst", equalTo(2))
        .body("items[0].after.rate", nullValue());
  }

  @Test
  void operatorsAreHeldToNoRate() {
    String id = makeKey("default", "admin").path("id");

    Refusals.check(change(id, "{\"rate\":{\"perSecond\":1}}"), ProblemType.INVALID_FIELD, "/rate");
  }

  @Test
  void anOverlapEnds() throws SQLException {
    var made = makeKey("default", "read");
    String before = made.path("key");
    String id = made.path("id");
    rotate(id, "{\"overlapSeconds\":3600}").then().statusCode(200);
    // The hour has passed before anybody on this replica asked with it.
    end("api_key_former", "key_id", id);

    Refusals.check(with(before).get("/v1/turns"), ProblemType.INVALID_KEY, null);
  }
}
