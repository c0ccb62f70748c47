package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In which language a person is told what failed, where the turn says so. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class TurnLanguageIT {
  private static final String ENGLISH = "Your message is too large";
  private static final String CHINESE = "\u6d88\u606f";

  private static Response fail(String more) {
    return submit(admin().header("Prefer", "wait=30"), newSession(), says("fail 413", more));
  }

  @ParameterizedTest
  @CsvSource({
    "zh, true",
    "zh-CN, true",
    "zh-Hant-TW, true",
    "ZH, true",
    "en-GB, false",
    "de, false"
  })
  void messageIsInTheLanguageOfTheTurn(String language, boolean chinese) {
    var turn = fail("\"language\":\"" + language + "\"");

    turn.then()
        .statusCode(200)
        .body("language", equalTo(language))
        .body("failure.message", containsString(chinese ? CHINESE : ENGLISH));
    admin()
        .get("/v1/turns/" + turn.path("id"))
        .then()
        .body("language", equalTo(language))
        .body("failure.message", containsString(chinese ? CHINESE : ENGLISH));
    admin()
        .get("/v1/sessions/" + turn.path("session") + "/turns")
        .then()
        .body("items[0].failure.message", containsString(chinese ? CHINESE : ENGLISH));
  }

  @Test
  void languageOfTheReaderWins() {
    var path = "/v1/turns/" + fail("\"language\":\"zh\"").path("id");

    admin()
        .header("Accept-Language", "en-GB,en;q=0.8")
        .get(path)
        .then()
        .body("failure.message", containsString(ENGLISH));
    // Some clients send this unasked; it prefers nothing.
    admin()
        .header("Accept-Language", "*")
        .get(path)
        .then()
        .body("failure.message", containsString(CHINESE));
  }

  @Test
  void languageIsNoChoiceOfWhoAnswers() {
    submit(admin().header("Prefer", "wait=30"), newSession(), says("ok", "\"language\":\"zh\""))
        .then()
        .statusCode(200)
        .body("state", equalTo("succeeded"))
        .body("language", equalTo("zh"))
        .body("backend", nullValue());
    submit(newSession(), says("ok")).then().body("language", nullValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "z",
        "zh_CN",
        "zh-",
        "\u4e2d\u6587",
        "en; drop",
        "aa-bbbbbbbb-cccccccc-dddddddd-eeeeeeee"
      })
  void whatIsNoTagIsRefused(String language) {
    Refusals.check(
        submit(newSession(), says("ok", "\"language\":\"" + language + "\"")),
        ProblemType.INVALID_FIELD,
        "/language");
  }
}
