package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The published contract is what the service serves, and it is fit to make clients from. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class ContractIT {
  private static final Path PUBLISHED = Path.of("openapi/turnout.yaml");

  @AfterEach
  void leaveNothingRunning() {
    Api.endEverything();
  }

  @Test
  void thePublishedContractIsTheServedOne() throws IOException {
    var served = new String(admin().get("/openapi").asByteArray(), StandardCharsets.UTF_8);
    if (System.getProperty("update-openapi") != null) {
      Files.createDirectories(PUBLISHED.getParent());
      Files.writeString(PUBLISHED, served);
    }

    var published = Files.exists(PUBLISHED) ? Files.readString(PUBLISHED) : "";

    assertEquals(
        published,
        served,
        PUBLISHED + " has drifted: run this test with -Dupdate-openapi and review the change");
  }

  @Test
  void everyCallHasANameAnExplanationAndItsProblems() throws IOException {
    var names = new HashSet<String>();
    for (var call : calls()) {
      var name = call.path("operationId").asText();
      assertTrue(name.matches("[a-z]+[A-Z][A-Za-z]+"), () -> "no name for a method: " + call);
      assertTrue(names.add(name), () -> name + " is there twice");
      assertFalse(call.path("summary").asText().isBlank(), name);
      assertEquals(1, call.path("tags").size(), name);
      for (var status : List.of("400", "401", "403", "500", "503")) {
        assertEquals(PublicApi.PROBLEM, call.at("/responses/" + status + "/$ref").asText(), name);
      }
      var successes = new ArrayList<String>();
      call.path("responses").fieldNames().forEachRemaining(successes::add);
      assertTrue(successes.stream().anyMatch(status -> status.startsWith("2")), name);
    }
  }

  @Test
  void everyReferenceLeadsSomewhere() throws IOException {
    var contract = contract();
    var references = contract.findValuesAsText("$ref");
    assertTrue(references.size() > 50, references::toString);

    references.forEach(
        reference -> assertFalse(contract.at(reference.substring(1)).isMissingNode(), reference));
  }

  @Test
  void aTurnHasTheFieldsThatTheContractNames() throws IOException {
    var fields = new HashSet<String>();
    contract().at("/components/schemas/Turn/properties").fieldNames().forEachRemaining(fields::add);
    var turn = new ObjectMapper().readTree(Api.finish(newSession(), "ok").asString());

    turn.fieldNames()
        .forEachRemaining(field -> assertTrue(fields.contains(field), () -> field + " is new"));
    var required = contract().at("/components/schemas/Turn/required");
    assertTrue(required.size() > 5, required::toString);
    required.forEach(field -> assertTrue(turn.has(field.asText()), () -> field + " is absent"));
  }

  @Test
  void theExampleOfASubmissionIsAccepted() throws IOException {
    var example = contract().at("/components/schemas/SubmitTurn/examples/0");

    submit(newSession(), example.toString()).then().statusCode(202);
  }

  private static JsonNode contract() throws IOException {
    return new ObjectMapper().readTree(admin().get("/openapi?format=json").asByteArray());
  }

  private static List<JsonNode> calls() throws IOException {
    var calls = new ArrayList<JsonNode>();
    for (var path : contract().path("paths")) {
      for (var call : path) {
        calls.add(call);
      }
    }
    return calls;
  }
}
