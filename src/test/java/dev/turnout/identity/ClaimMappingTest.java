package dev.turnout.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.turn.TenantId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What claims come to here. */
class ClaimMappingTest {
  private static final Map<String, Object> ALICE = Map.of("sub", "alice", "iss", "https://id");

  private static ClaimMapping mapping(String tenantClaim, String scopeClaim) {
    return new ClaimMapping(
        tenantClaim, Optional.empty(), scopeClaim, "turnout:", Map.of("/ops", Scope.ADMIN));
  }

  private static Caller caller(ClaimMapping mapping, String claim, Object value) {
    var claims = new HashMap<>(ALICE);
    claims.put("tenant", "acme");
    claims.put(claim, value);
    return assertInstanceOf(TokenReading.Known.class, mapping.read(claims)).caller();
  }

  @Test
  void subjectAndIssuerAreTheName() {
    var caller = caller(mapping("tenant", "scope"), "scope", "turnout:read");

    assertEquals("alice@https://id", caller.getName());
    assertEquals("alice@https://id", caller.label());
    assertTrue(caller.key().isEmpty());
    assertEquals(new TenantId("acme"), caller.tenant());
  }

  @Test
  void scopesStandInATextOrAList() {
    var mapping = mapping("tenant", "scope");

    assertEquals(
        Set.of(Scope.READ, Scope.TURNS),
        caller(mapping, "scope", "openid turnout:read turnout:turns").scopes());
    assertEquals(
        Set.of(Scope.READ, Scope.ADMIN),
        caller(mapping, "scope", List.of("turnout:read", "/ops", 7)).scopes());
  }

  @Test
  void whatHasNoPrefixAndNoNameGivesNothing() {
    var mapping = mapping("tenant", "scope");

    assertEquals(Set.of(), caller(mapping, "scope", "admin read turns").scopes());
    assertEquals(
        Set.of(), caller(mapping, "scope", "turnout: turnout:ADMIN xturnout:read").scopes());
    assertEquals(Set.of(), caller(mapping, "scope", Map.of("turnout:read", true)).scopes());
  }

  @Test
  void aClaimIsFoundByItsPathAndByANameThatLooksLikeOne() {
    var inside = Map.of("roles", List.of("turnout:read"));

    assertEquals(
        Set.of(Scope.READ),
        caller(mapping("tenant", "realm_access/roles"), "realm_access", inside).scopes());
    assertEquals(
        Set.of(Scope.READ),
        caller(mapping("tenant", "https://turnout/roles"), "https://turnout/roles", "turnout:read")
            .scopes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ACME", "a b", "-a", "a/b", "../a", " acme"})
  void aTenantIsCalledAsTenantsAre(String tenant) {
    var claims = new HashMap<>(ALICE);
    claims.put("tenant", tenant);
    var lenient =
        new ClaimMapping("tenant", Optional.of(TenantId.DEFAULT), "scope", "turnout:", Map.of());

    // Not even a default stands in for what is there and cannot be.
    assertInstanceOf(TokenReading.Refused.class, lenient.read(claims));
  }

  @Test
  void aDefaultStandsInForAnAbsentTenantAndNothingElseDoes() {
    var lenient =
        new ClaimMapping("tenant", Optional.of(new TenantId("all")), "scope", "turnout:", Map.of());

    var known = assertInstanceOf(TokenReading.Known.class, lenient.read(ALICE));
    assertEquals(new TenantId("all"), known.caller().tenant());
    assertInstanceOf(TokenReading.Refused.class, mapping("tenant", "scope").read(ALICE));
  }

  @Test
  void oneTenantInAListIsThatTenant() {
    var caller = caller(mapping("org", "scope"), "org", List.of("acme"));

    assertEquals(new TenantId("acme"), caller.tenant());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\nb", "a\u001bb"})
  void aSubjectIsOneLineOfText(String subject) {
    Map<String, Object> claims = Map.of("sub", subject, "iss", "https://id", "tenant", "acme");

    assertInstanceOf(TokenReading.Refused.class, mapping("tenant", "scope").read(claims));
  }
}
