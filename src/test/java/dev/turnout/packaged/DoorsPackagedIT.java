package dev.turnout.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.testing.TestCa;
import dev.turnout.testing.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How one gets into the package: over TLS, by the operators' listener, with a key that changed. */
@Timeout(180)
class DoorsPackagedIT {
  private static final String DEMO =
      """
      turnout:
        default-agent: demo
        agents:
          demo: {chain: [{backend: demo}]}
        backends:
          demo: {kind: demo}
      """;

  @TempDir private Path data;
  private TestDatabase database;

  @BeforeEach
  void makeDatabase() {
    database = TestDatabase.fresh();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  /** As docs/TLS.md has it, with stores in place of PEM files. */
  private static String tls(TestCa ca) {
    return """
        quarkus:
          http:
            insecure-requests: disabled
            ssl-port: 0
            tls-configuration-name: edge
          tls:
            edge:
              key-store:
                p12: {path: %1$s, password: %3$s, alias: server, alias-password: %3$s}
              trust-store:
                p12: {path: %2$s, password: %3$s}
        """
        .formatted(ca.store("server"), ca.store("trust"), TestCa.PASSWORD);
  }

  private static HttpClient showing(TestCa ca, Optional<String> pair) throws Exception {
    return HttpClient.newBuilder().sslContext(ca.client(pair.map(ca::store))).build();
  }

  private static String address(PackagedTurnout turnout, String word) throws IOException {
    return turnout
        .output()
        .lines()
        .filter(line -> line.startsWith(word))
        .map(line -> line.substring(word.length()).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line begins with " + word));
  }

  @Test
  void overTlsOnlyWithOperatorsApart() throws Exception {
    var ca = TestCa.create("package").sign("server").sign("client");
    var doors =
        """
          tls: {client-certificate: required}
          admin: {port: 0, tls-configuration: edge, client-certificate: required}
        """;
    Files.writeString(data.resolve("turnout.yaml"), DEMO + doors + tls(ca));

    try (var client = showing(ca, Optional.of("client"));
        var turnout = PackagedTurnout.start(database, data, client)) {
      assertEquals("https", turnout.uri().getScheme());
      assertEquals(turnout.uri().toString(), address(turnout, "Turnout is ready:"));
      var turn = turnout.submit("s", "{\"input\":{\"text\":\"Hello!\"}}");
      assertEquals("succeeded", turnout.awaitEnd(turn).path("state").asText());

      var operators = URI.create(address(turnout, "Operators:"));
      assertEquals("https", operators.getScheme());
      var keys = "/admin/v1/keys";
      assertEquals(200, turnout.ask(operators.resolve(keys), PackagedTurnout.KEY).statusCode());
      assertEquals(404, turnout.ask(turnout.uri().resolve(keys), PackagedTurnout.KEY).statusCode());
      try (var stranger = showing(ca, Optional.empty())) {
        var request = java.net.http.HttpRequest.newBuilder(turnout.uri().resolve("/q/health"));
        assertThrows(
            IOException.class,
            () ->
                stranger.send(
                    request.build(), java.net.http.HttpResponse.BodyHandlers.discarding()));
      }
      turnout.stop();
    }
  }

  @Test
  void firstKeyThatWasRotatedStaysDeadThoughEveryStartBringsIt() throws Exception {
    Files.writeString(data.resolve("turnout.yaml"), DEMO);
    String fresh;
    try (var first = PackagedTurnout.start(database, data)) {
      var id = first.get("/admin/v1/keys").path("items").get(0).path("id").asText();
      var rotated = first.post("/admin/v1/keys/" + id + "/rotate", "{}");
      assertEquals(200, rotated.statusCode(), rotated::body);
      fresh = new ObjectMapper().readTree(rotated.body()).path("key").asText();
      assertOpensOnly(first, fresh);
      first.stop();
    }

    try (var second = PackagedTurnout.start(database, data)) {
      assertOpensOnly(second, fresh);
      assertTrue(address(second, "Admin key:").contains("TURNOUT_BOOTSTRAP_KEY"));
      second.stop();
    }
  }

  private static void assertOpensOnly(PackagedTurnout turnout, String key) throws Exception {
    var keys = turnout.uri().resolve("/admin/v1/keys");
    assertEquals(200, turnout.ask(keys, key).statusCode());
    assertEquals(401, turnout.ask(keys, PackagedTurnout.KEY).statusCode());
  }
}
