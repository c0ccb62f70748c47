package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.anonymous;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing but health answers without a key. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class DoorsIT {
  @TestFactory
  Stream<DynamicTest> everyPublishedCallAsksForAKey() {
    Map<String, Map<String, Object>> paths =
        admin().get("/openapi?format=json").then().statusCode(200).extract().path("paths");
    assertTrue(paths.size() >= 10, () -> "too few to be all: " + paths.keySet());
    return paths.entrySet().stream()
        .flatMap(
            path ->
                path.getValue().keySet().stream()
                    .map(
                        method ->
                            DynamicTest.dynamicTest(
                                method + " " + path.getKey(),
                                () -> assertClosed(method, path.getKey()))));
  }

  private static void assertClosed(String method, String template) {
    var path = template.replaceAll("\\{[^}]+}", "a");
    Refusals.check(
        anonymous().request(method.toUpperCase(java.util.Locale.ROOT), path),
        ProblemType.MISSING_KEY,
        "Authorization");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/openapi",
        "/openapi?format=json",
        "/openapi.json",
        "/q",
        "/q/openapi",
        "/q/metrics",
        "/q/metrics/x",
        "/q/health-ui",
        "/q/healthy",
        "/q/dev",
        "/v1/nothing",
        "/v1/../v1/turns",
        "//v1/turns",
        "/%76%31/turns",
        "/q/health/../metrics",
        "/q/health/%2e%2e/metrics"
      })
  void whatIsNotPublishedAsksForAKeyToo(String path) {
    Refusals.check(anonymous().get(path), ProblemType.MISSING_KEY, "Authorization");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/q/health", "/q/health/live", "/q/health/ready", "/q/health/started"})
  void healthAnswersEverybody(String path) {
    anonymous().get(path).then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"read", "turns"})
  void whoeverHasAKeyMayReadTheContract(String scope) {
    Response contract = Api.with(Api.newKey("default", scope)).get("/openapi");

    contract.then().statusCode(200);
  }
}
