package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static dev.turnout.http.ProblemType.INVALID_FIELD;
import static dev.turnout.http.ProblemType.WRONG_TYPE;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.turnout.http.Refusals.Case;
import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Callers choose who answers, and are told at once when that could not be. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class RoutingChoicesIT {
  @Inject DataSource database;

  private static Response finish(String session, String fields) {
    return submit(admin().header("Prefer", "wait=30"), session, says("ok", fields));
  }

  private static Response pin(String session, String profile) {
    return admin()
        .contentType(ContentType.JSON)
        .body("{\"authProfile\":\"" + profile + "\"}")
        .patch("/v1/sessions/" + session);
  }

  @Test
  void whatIsChosenIsAskedAndShownWithTheTurn() {
    finish(newSession(), "\"backend\":\"demo\",\"model\":\"m\",\"authProfile\":\"plan\"")
        .then()
        .statusCode(200)
        .body("state", equalTo("succeeded"))
        .body("backend", equalTo("demo"))
        .body("model", equalTo("m"))
        .body("authProfile", equalTo("plan"))
        .body("chain", nullValue())
        .body("attempts.size()", equalTo(1))
        .body("attempts[0].model", equalTo("m"))
        .body("attempts[0].authProfile", equalTo("plan"))
        .body("attempts[0].voided", equalTo(false));
    finish(newSession(), "\"chain\":[{\"backend\":\"demo\",\"model\":\"x\"}]")
        .then()
        .statusCode(200)
        .body("chain.size()", equalTo(1))
        .body("chain[0].model", equalTo("x"))
        .body("attempts[0].model", equalTo("x"))
        .body("authProfile", nullValue());
  }

  @Test
  void aSessionKeepsToItsCredentialUntilThatIsTakenAway() {
    var session = newSession();
    finish(session, "\"priority\":0").then().body("attempts[0].authProfile", nullValue());

    pin(session, "plan").then().statusCode(200).body("authProfile", equalTo("plan"));
    finish(session, "\"priority\":0").then().body("attempts[0].authProfile", equalTo("plan"));
    finish(session, "\"chain\":[{\"backend\":\"demo\"}]")
        .then()
        .body("attempts[0].authProfile", nullValue());
    pin(session, "").then().statusCode(200).body("authProfile", nullValue());
    finish(session, "\"priority\":0").then().body("attempts[0].authProfile", nullValue());
  }

  static Stream<Case> choices() {
    var demo = "{\"backend\":\"demo\"}";
    return Stream.of(
        refused("\"backend\":\"nobody\"", INVALID_FIELD, "/backend"),
        refused("\"backend\":\"\"", INVALID_FIELD, "/backend"),
        refused("\"authProfile\":\"nobody\"", INVALID_FIELD, "/authProfile"),
        refused("\"authProfile\":\"off\"", INVALID_FIELD, "/authProfile"),
        refused("\"authProfile\":7", WRONG_TYPE, "/authProfile"),
        refused("\"chain\":[]", INVALID_FIELD, "/chain"),
        refused("\"chain\":{}", WRONG_TYPE, "/chain"),
        refused("\"chain\":[null]", INVALID_FIELD, "/chain/0"),
        refused("\"chain\":[{}]", INVALID_FIELD, "/chain/0/backend"),
        refused("\"chain\":[" + demo + ",{\"backend\":\"x\"}]", INVALID_FIELD, "/chain/1/backend"),
        refused(
            "\"chain\":[{\"backend\":\"demo\",\"authProfile\":\"x\"}]",
            INVALID_FIELD,
            "/chain/0/authProfile"),
        refused(
            "\"chain\":[{\"backend\":\"demo\",\"authProfile\":\"off\"}]",
            INVALID_FIELD,
            "/chain/0/authProfile"),
        refused("\"chain\":[" + demo + "," + demo + "]", INVALID_FIELD, "/chain/1"),
        refused("\"model\":\"m\",\"chain\":[" + demo + "]", INVALID_FIELD, "/chain"),
        refused("\"chain\":[" + (demo + ",").repeat(10) + demo + "]", INVALID_FIELD, "/chain"));
  }

  private static Case refused(String fields, ProblemType type, String place) {
    return new Case(fields, () -> submit("refused-choice", says("ok", fields)), type, place);
  }

  @ParameterizedTest
  @MethodSource("choices")
  void aChoiceThatCouldNotAnswerIsRefusedBeforeAnythingIsWritten(Case refused) throws SQLException {
    Refusals.check(refused, database);
  }

  @Test
  void aSessionIsNotPinnedToACredentialThatIsNotThere() {
    var session = newSession();
    finish(session, "\"priority\":0");

    Refusals.check(pin(session, "nobody"), INVALID_FIELD, "/authProfile");
  }
}
