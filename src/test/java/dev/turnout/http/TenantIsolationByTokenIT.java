package dev.turnout.http;

import dev.turnout.testing.TokenApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.UUID;

/** The same walk over every call, by callers that an issuer signs in. */
@QuarkusTest
@TestProfile(TokenApplication.class)
class TenantIsolationByTokenIT extends TenantIsolationIT {
  private static final Tokens.Signer SIGNER = Tokens.Signer.ec();

  @Override
  String credential(String whose) {
    Tokens.publish(SIGNER);
    var claims = Tokens.claims("u-" + UUID.randomUUID(), whose, "turnout:turns", "turnout:read");
    // The walk over all calls takes longer than a minute on a busy machine.
    claims.put("exp", System.currentTimeMillis() / 1000 + 3600);
    return Tokens.signed(SIGNER, claims);
  }
}
