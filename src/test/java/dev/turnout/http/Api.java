package dev.turnout.http;

import static io.restassured.RestAssured.given;

import dev.turnout.testing.ScriptedApplication;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.UUID;

/** Requests as clients make them. */
final class Api {
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

  static String newSession() {
    return "s-" + UUID.randomUUID();
  }

  static Response submit(String session, String body) {
    return admin()
        .contentType(ContentType.JSON)
        .body(body)
        .post("/v1/sessions/" + session + "/turns");
  }

  /** A body with this text, which must need no escapes. */
  static String says(String text) {
    return "{\"input\":{\"text\":\"" + text + "\"}}";
  }
}
