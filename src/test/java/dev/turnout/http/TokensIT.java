package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.newKey;
import static dev.turnout.http.Api.with;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.turnout.http.Tokens.Signer;
import dev.turnout.testing.Patience;
import dev.turnout.testing.TokenApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tokens of an issuer open what their claims say, and nothing else does. */
@QuarkusTest
@TestProfile(TokenApplication.class)
class TokensIT {
  private static final Signer RSA = Signer.rsa();
  private static final Signer EC = Signer.ec();

  private final String subject = "alice-" + UUID.randomUUID();
  private final List<String> log = new ArrayList<>();
  private final Handler listener =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          synchronized (log) {
            log.add(line.getMessage() + " " + line.getThrown());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void theIssuerHasItsKeys() {
    Tokens.publish(RSA, EC);
    Logger.getLogger("").addHandler(listener);
  }

  @AfterEach
  void leaveNothingBehind() {
    Logger.getLogger("").removeHandler(listener);
    limit("null");
  }

  private String token(String... groups) {
    return Tokens.signed(RSA, Tokens.claims(subject, "acme", groups));
  }

  @Test
  void aTokenOpensWhatItsClaimsSay() {
    var reader = token("turnout:read", "turnout:nothing-known", "admin", "read");

    with(reader).get("/v1/turns").then().statusCode(200);

    var refused = with(reader).get("/admin/v1/keys");
    Refusals.check(refused, ProblemType.SCOPE_MISSING, null);
    assertEquals(
        "Bearer error=\"insufficient_scope\", scope=\"admin\"", refused.header("WWW-Authenticate"));
    var nobody = with(token()).get("/v1/turns");
    Refusals.check(nobody, ProblemType.SCOPE_MISSING, null);
  }

  @Test
  void keysOfBothKindsSign() {
    var claims = Tokens.claims(subject, "acme", "turnout:read");

    with(Tokens.signed(EC, claims)).get("/v1/turns").then().statusCode(200);
    with(Tokens.signed(RSA, claims)).get("/v1/turns").then().statusCode(200);
  }

  @Test
  void whoeverOperatesStandsInTheTrailBySubjectAndIssuer() {
    var operator = token(TokenApplication.OPERATORS);
    var made =
        with(operator)
            .contentType("application/json")
            .body("{\"name\":\"by-token\",\"scopes\":[\"read\"]}")
            .post("/admin/v1/keys");
    made.then().statusCode(201);

    admin()
        .get("/admin/v1/audit?target=" + made.path("id"))
        .then()
        .body("items[0].who.name", equalTo(subject + "@" + Tokens.issuer()))
        .body("items[0].who.key", nullValue())
        .body("items[0].who.tenant", equalTo("acme"));
  }

  @TestFactory
  Stream<DynamicTest> aTokenThatIsNotGenuineOpensNothing() {
    Map<String, String> tokens = new LinkedHashMap<>();
    tokens.put("expired", changed(claims -> claims.put("exp", 1_000_000)));
    tokens.put("not valid yet", changed(claims -> claims.put("nbf", 4_000_000_000L)));
    tokens.put("without an end", changed(claims -> claims.remove("exp")));
    tokens.put("for another audience", changed(claims -> claims.put("aud", "other")));
    tokens.put("for no audience", changed(claims -> claims.remove("aud")));
    tokens.put("of another issuer", changed(claims -> claims.put("iss", "http://127.0.0.1/x")));
    tokens.put("without an issuer", changed(claims -> claims.remove("iss")));
    tokens.put("without a subject", changed(claims -> claims.remove("sub")));
    tokens.put("with a subject of two lines", changed(claims -> claims.put("sub", "a\nb")));
    tokens.put("without a tenant", changed(claims -> claims.remove("org")));
    tokens.put("of two tenants", changed(c -> c.put("org", Map.of("tenant", List.of("a", "b")))));
    tokens.put("of no possible tenant", changed(c -> c.put("org", Map.of("tenant", "ACME"))));
    var claims = Tokens.claims(subject, "acme", TokenApplication.OPERATORS);
    tokens.put("unsigned", Tokens.unsigned(RSA, claims));
    tokens.put("signed by an impostor", Tokens.signed(RSA.impostor(), claims));
    tokens.put("signed by a stranger", Tokens.signed(Signer.ec(), claims));
    tokens.put("signed with the public key", Tokens.signedWithPublicKey(RSA, claims));
    tokens.put("tampered with", Tokens.tampered(token("turnout:read"), claims));
    tokens.put("of broken parts", "eyJhbGciOiJSUzI1NiJ9.bm90IGpzb24.AAAA");
    return tokens.entrySet().stream()
        .map(entry -> dynamicTest(entry.getKey(), () -> refuse(entry.getKey(), entry.getValue())));
  }

  private String changed(Consumer<Map<String, Object>> change) {
    var claims = Tokens.claims(subject, "acme", TokenApplication.OPERATORS);
    change.accept(claims);
    return Tokens.signed(RSA, claims);
  }

  private void refuse(String flaw, String token) {
    for (var path : List.of("/v1/turns", "/admin/v1/keys", "/q/metrics")) {
      var answer = with(token).get(path);

      var type = flaw.equals("expired") ? ProblemType.TOKEN_EXPIRED : ProblemType.INVALID_TOKEN;
      Refusals.check(answer, type, null);
      var challenge = answer.header("WWW-Authenticate");
      assertTrue(
          challenge.startsWith("Bearer error=\"invalid_token\", error_description=\""), challenge);
      var secret = token.substring(token.indexOf('.') + 1);
      assertFalse(answer.asString().contains(secret));
      assertFalse(answer.headers().toString().contains(secret));
    }
  }

  @Test
  void nothingOfATokenIsLogged() {
    var genuine = token("turnout:read");
    with(genuine).get("/v1/turns").then().statusCode(200);
    var forged = Tokens.signed(RSA.impostor(), Tokens.claims(subject, "acme"));
    with(forged).get("/v1/turns").then().statusCode(401);

    synchronized (log) {
      for (var token : List.of(genuine, forged)) {
        var parts = List.of(token.split("\\.", -1));
        log.forEach(
            line -> assertFalse(line.contains(parts.get(1)) || line.contains(parts.get(2))));
      }
    }
  }

  @Test
  void keysThatTheIssuerReplacesSignNoMore() {
    var before = token("turnout:read");
    with(before).get("/v1/turns").then().statusCode(200);
    var fresh = Signer.rsa();
    Tokens.publish(fresh);
    var after = Tokens.signed(fresh, Tokens.claims(subject, "acme", "turnout:read"));

    with(after).get("/v1/turns").then().statusCode(200);

    Refusals.check(with(before).get("/v1/turns"), ProblemType.INVALID_TOKEN, null);
  }

  @Test
  void anIssuerThatGoesSilentKeepsNobodyOutWhoseKeyIsKnown() {
    with(token("turnout:read")).get("/v1/turns").then().statusCode(200);
    Tokens.silence(true);
    try {
      var stranger = Tokens.signed(Signer.rsa(), Tokens.claims(subject, "acme"));
      Refusals.check(with(stranger).get("/v1/turns"), ProblemType.ISSUER_UNAVAILABLE, null);

      with(token("turnout:read")).get("/v1/turns").then().statusCode(200);
    } finally {
      Tokens.silence(false);
    }
  }

  @Test
  void aSubjectIsHeldToItsRateWhateverTokenItShows() {
    limit("{\"per-second\":1,\"burst\":1}");
    var other = Tokens.signed(RSA, Tokens.claims("bob-" + subject, "acme", "turnout:read"));

    with(token("turnout:read")).get("/v1/turns").then().statusCode(200);
    var again = Tokens.claims(subject, "acme", "turnout:read");
    again.put("jti", "another");
    var another = Tokens.signed(EC, again);
    // A second between two of them, and each is let in: it takes two that follow sooner.
    var refused =
        Patience.await()
            .pollInterval(Duration.ofMillis(1))
            .until(() -> with(another).get("/v1/turns"), answer -> answer.statusCode() != 200);

    Refusals.check(refused, ProblemType.RATE_LIMITED, null);
    with(other).get("/v1/turns").then().statusCode(200);
  }

  @Test
  void keysOpenBesideTokensAndBothAreAskedFor() {
    with(newKey("default", "read")).get("/v1/turns").then().statusCode(200);
    Refusals.check(with("no-such-key").get("/v1/turns"), ProblemType.INVALID_KEY, null);

    var missing = Api.anonymous().get("/v1/turns");
    Refusals.check(missing, ProblemType.MISSING_KEY, "Authorization");
    assertEquals("Bearer", missing.header("WWW-Authenticate"));
    missing.then().body("detail", containsString("token"));
  }

  @Test
  void theToolsOfAgentsDoNotOpenToTokens() {
    with(token(TokenApplication.OPERATORS)).post("/mcp").then().statusCode(401);
  }

  @Test
  void aTokenIsOfItsTenantAlone() {
    var key = newKey("acme", "turns", "read");
    String turn =
        Api.submit(with(key), Api.newSession(), Api.says("ok")).then().extract().path("id");

    with(token("turnout:read")).get("/v1/turns").then().body("items.id", hasItem(turn));
    var elsewhere = Tokens.signed(RSA, Tokens.claims(subject, "other", "turnout:read"));
    with(elsewhere).get("/v1/turns/" + turn).then().statusCode(404);
  }

  private static void limit(String rate) {
    admin()
        .header("If-Match", admin().get("/admin/v1/config").header("ETag"))
        .contentType("application/merge-patch+json")
        .body("{\"http\":{\"rate-limit\":" + rate + "}}")
        .patch("/admin/v1/config")
        .then()
        .statusCode(200);
  }
}
