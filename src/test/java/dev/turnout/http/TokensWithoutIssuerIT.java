package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.with;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.turnout.testing.TokenApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** An issuer that does not answer keeps nothing from starting, and is found when it is back. */
@QuarkusTest
@TestProfile(TokenApplication.WithoutIssuer.class)
class TokensWithoutIssuerIT {
  @Test
  void keysOpenAtOnceAndTokensWhenTheIssuerIsBack() {
    var signer = Tokens.Signer.rsa();
    Tokens.publish(signer);
    var token = Tokens.signed(signer, Tokens.claims("alice", "acme", "turnout:read"));

    admin().get("/v1/turns").then().statusCode(200);
    var refused = with(token).get("/v1/turns");
    Refusals.check(refused, ProblemType.ISSUER_UNAVAILABLE, null);
    assertNotNull(refused.header("Retry-After"));
    assertNull(refused.header("WWW-Authenticate"));

    Tokens.silence(false);
    with(token).get("/v1/turns").then().statusCode(200);
  }
}
