package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.finish;
import static dev.turnout.http.Api.newSession;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What callers are told of a turn that nobody answered. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class FailedTurnsIT {
  private static final String ENGLISH =
      "Your message is too large for the provider. Send a smaller one. This does not pass by"
          + " itself.";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "en | Your message is too large",
        "zh-CN,en;q=0.5 | 消息",
        "zh-Hant-TW | 消息",
        "de, zh;q=0.3 | 消息",
        "fr | Your message is too large",
        "no header at all, what is this? | Your message is too large"
      })
  void messageIsInTheLanguageThatTheReaderPrefers(String acceptLanguage, String part) {
    var turn = finish(newSession(), "fail 413").jsonPath().getString("id");

    String message =
        admin()
            .header("Accept-Language", acceptLanguage)
            .get("/v1/turns/" + turn)
            .then()
            .statusCode(200)
            .body("failure.reason", equalTo("request_too_large"))
            .extract()
            .path("failure.message");

    assertTrue(message.contains(part), message);
  }

  @Test
  void messageIsEnglishForWhoNamesNoLanguage() {
    finish(newSession(), "fail 413").then().body("failure.message", equalTo(ENGLISH));
  }

  @Test
  void streamHasTheMessageInAllLanguages() {
    var turn = finish(newSession(), "fail 413").jsonPath().getString("id");

    var stream = admin().get("/v1/turns/" + turn + "/events").asString();
    var last = stream.lines().filter(line -> line.startsWith("data: ")).toList().getLast();
    var messages = JsonPath.from(last.substring("data: ".length())).getMap("data.messages");

    assertEquals(Set.of("en", "zh"), messages.keySet());
    assertEquals(ENGLISH, messages.get("en"));
  }
}
