package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Explanations foresee chains for some kinds of failures, and those that callers bring along. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class ExplainChainsIT {
  @BeforeEach
  void configure() {
    patch(
        """
        {"agents":{"kinds":{
          "chain":[{"backend":"demo","model":"first"},{"backend":"demo","model":"second"}],
          "context-overflow-chain":[{"backend":"demo","model":"wide"},{"backend":"demo","model":"first"}],
          "content-policy-chain":[{"backend":"demo","model":"frank"}]}}}
        """);
  }

  @AfterEach
  void leaveNothing() {
    Api.endEverything();
    patch("{\"agents\":null}");
  }

  private static void patch(String document) {
    ConfigIT.based(ConfigIT.etag()).body(document).patch(ConfigIT.PATH).then().statusCode(200);
  }

  private static Response explain(String fields) {
    return admin()
        .contentType(ContentType.JSON)
        .body("{\"session\":\"nobody-is-there\"" + fields + "}")
        .post("/admin/v1/explain");
  }

  @Test
  void chainsForKindsAreListedBesideTheGeneralOne() {
    var explained = explain(",\"agent\":\"kinds\"");

    assertEquals(List.of("first", "second"), explained.path("candidates.model"));
    // Whoever was asked before is not asked again.
    assertEquals(List.of("wide"), explained.path("afterContextOverflow.model"));
    assertEquals(List.of("frank"), explained.path("afterContentPolicy.model"));
    assertEquals(List.of("ask"), explained.path("afterContentPolicy.plan"));
    explain("").then().body("afterContextOverflow", nullValue());
  }

  @Test
  void chainOfACallerIsExplainedAsItIsSubmitted() {
    var chain =
        ",\"chain\":[{\"backend\":\"demo\",\"model\":\"b\"},{\"backend\":\"demo\",\"model\":\"a\"}]";

    explain(chain + ",\"agent\":\"kinds\"")
        .then()
        .statusCode(200)
        .body("candidates.model", equalTo(List.of("b", "a")))
        .body("chain.model", equalTo(List.of("b", "a")))
        // What a caller chose is strict: no chain for a kind takes its place.
        .body("afterContextOverflow", nullValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | /chain",
        "[{'backend':'nowhere'}] | /chain/0/backend",
        "[{'model':'a'}] | /chain/0/backend",
        "[{'backend':'demo'},{'backend':'demo'}] | /chain/1",
        "[{'backend':'demo','authProfile':'off'}] | /chain/0/authProfile"
      })
  void chainThatNoSubmissionMayHaveIsRefused(String chain, String pointer) {
    var fields = ",\"chain\":" + chain.replace('\'', '"');

    Refusals.check(explain(fields), ProblemType.INVALID_FIELD, pointer);
    Refusals.check(
        Api.submit(Api.newSession(), Api.says("ok", fields.substring(1))),
        ProblemType.INVALID_FIELD,
        pointer);
  }

  @Test
  void chainStandsAlone() {
    Refusals.check(
        explain(",\"backend\":\"demo\",\"chain\":[{\"backend\":\"demo\"}]"),
        ProblemType.INVALID_FIELD,
        "/chain");
  }
}
