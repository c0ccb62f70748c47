package dev.turnout.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.testing.DoorsApplication;
import dev.turnout.testing.ScriptedApplication;
import dev.turnout.testing.TestCa;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators have a listener of their own, and callers over TLS show who they are twice. */
@QuarkusTest
@TestProfile(DoorsApplication.class)
class TwoListenersIT {
  @Inject AdminDoor door;
  @Inject HttpServer server;

  private static TestCa ca() {
    return TestCa.at(ConfigProvider.getConfig().getValue(DoorsApplication.CA, String.class));
  }

  private static HttpClient client(Optional<String> pair)
      throws GeneralSecurityException, IOException {
    return HttpClient.newBuilder()
        .sslContext(ca().client(pair.map(name -> ca().store(name))))
        .build();
  }

  private static HttpResponse<String> get(
      HttpClient client, int port, String path, Optional<String> key)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path));
    key.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> atOperators(String path) throws Exception {
    return get(client(Optional.of("client")), door.port().orElseThrow(), path, adminKey());
  }

  private static Optional<String> adminKey() {
    return Optional.of(ScriptedApplication.ADMIN_KEY);
  }

  @Test
  void aCallerWithoutACertificateGetsNoAnswer() throws Exception {
    for (var port : new int[] {server.getSecurePort(), door.port().orElseThrow()}) {
      try (var stranger = client(Optional.empty())) {
        assertThrows(IOException.class, () -> get(stranger, port, "/q/health", Optional.empty()));
      }
    }
  }

  @Test
  void aCertificateOfAnotherAuthorityGetsNoAnswer() throws Exception {
    var other = TestCa.create("other").sign("client");
    var context = ca().client(Optional.of(other.store("client")));
    try (var stranger = HttpClient.newBuilder().sslContext(context).build()) {
      assertThrows(
          IOException.class,
          () -> get(stranger, server.getSecurePort(), "/q/health", Optional.empty()));
    }
  }

  @Test
  void aCertificateOpensTheConnectionAndAKeyTheRest() throws Exception {
    try (var client = client(Optional.of("client"))) {
      int port = server.getSecurePort();

      assertEquals(200, get(client, port, "/v1/turns", adminKey()).statusCode());
      var without = get(client, port, "/v1/turns", Optional.empty());
      assertEquals(401, without.statusCode());
      assertTrue(without.body().contains("missing_key"), without.body());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin",
        "/admin/v1/keys",
        "/admin/v1/config",
        "/admin/v1/audit?limit=1",
        "/%61dmin/v1/keys",
        "//admin/v1/keys",
        "/v1/../admin/v1/keys",
        "/admin;x=y/v1/keys",
        "/admin/v1/keys;x=y",
        "/q/metrics"
      })
  void theMainListenerHasNothingForOperators(String path) {
    for (var request :
        new io.restassured.specification.RequestSpecification[] {Api.admin(), Api.anonymous()}) {
      var answer = request.get(path);
      Refusals.check(answer, ProblemType.NOT_FOUND, null);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/admin/v1/keys", "/admin/v1/config", "/q/metrics", "/q/health", "/openapi"})
  void theListenerOfOperatorsHasIt(String path) throws Exception {
    assertEquals(200, atOperators(path).statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/turns", "/v1/sessions", "/mcp", "/x/../v1/turns", "/nothing"})
  void theListenerOfOperatorsHasNothingElse(String path) throws Exception {
    var answer = atOperators(path);

    assertEquals(404, answer.statusCode());
    assertTrue(answer.body().contains("\"not_found\""), answer.body());
    assertEquals("nosniff", answer.headers().firstValue("X-Content-Type-Options").orElse(""));
  }

  @Test
  void theListenerOfOperatorsAsksForAKeyToo() throws Exception {
    var client = client(Optional.of("client"));
    var answer = get(client, door.port().orElseThrow(), "/admin/v1/keys", Optional.empty());

    assertEquals(401, answer.statusCode());
    assertEquals("Bearer", answer.headers().firstValue("WWW-Authenticate").orElse(""));
  }

  @Test
  void theMainListenerKeepsTheRest() {
    Api.admin().get("/v1/turns").then().statusCode(200);
    Api.anonymous().get("/q/health").then().statusCode(200);
    Api.admin().get("/openapi").then().statusCode(200);
  }
}
