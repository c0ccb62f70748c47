package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.makeKey;
import static dev.turnout.http.Api.newKey;
import static dev.turnout.http.Api.with;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.audit.Audit;
import dev.turnout.audit.AuditEntry;
import dev.turnout.identity.ApiKeys;
import dev.turnout.identity.Scope;
import dev.turnout.testing.ScriptedApplication;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TenantId;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people do leaves a line that nobody can change. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class AuditIT {
  @Inject DataSource database;
  @Inject Audit audit;
  @Inject ApiKeys keys;

  private static Response trail(String query) {
    return admin().get("/admin/v1/audit?" + query).then().statusCode(200).extract().response();
  }

  private void record(AuditEntry entry) {
    audit.record(entry);
  }

  private static AuditEntry entry(String action, String target) {
    return AuditEntry.of(
        new AuditEntry.Who(Optional.empty(), "a test", TenantId.DEFAULT), action, target);
  }

  @Test
  void aKeyThatIsMadeAndRevokedLeavesBothLinesWithWhoAndFromWhere() {
    var made = makeKey("default", "read");
    String id = made.path("id");
    admin()
        .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        .delete("/admin/v1/keys/" + id)
        .then()
        .statusCode(204);
    admin().delete("/admin/v1/keys/" + id).then().statusCode(204);

    var lines = trail("target=" + id);

    // The second revocation changed nothing.
    assertEquals(List.of("key.revoke", "key.make"), lines.path("items.action"));
    assertEquals(List.of("bootstrap", "bootstrap"), lines.path("items.who.name"));
    assertEquals(List.of("done", "done"), lines.path("items.result"));
    assertEquals("0af7651916cd43dd8448eb211c80319c", lines.path("items[0].requestId"));
    lines.then().body("items.remote", everyItem(equalTo("127.0.0.1")));
    lines.then().body("items[0].after.revokedAt", notNullValue());
    assertEquals(List.of("read"), lines.path("items[1].after.scopes"));
    assertFalse(lines.asString().contains(made.<String>path("key")));
  }

  @Test
  void whatIsRefusedLeavesALineToo() {
    var made = makeKey("default", "admin");
    with(made.path("key")).delete("/admin/v1/keys/" + made.path("id")).then().statusCode(409);

    var line = trail("action=key.revoke&target=" + made.path("id"));

    assertEquals(List.of("refused"), line.path("items.result"));
    assertEquals(made.<String>path("id"), line.path("items[0].who.key"));
  }

  @Test
  void aChangeWhoseLineCannotBeWrittenDoesNotComeAbout() throws SQLException {
    var name = "k-" + UUID.randomUUID();
    assertThrows(
        StoreUnavailable.class,
        () ->
            keys.make(
                TenantId.DEFAULT,
                name,
                Set.of(Scope.READ),
                Optional.empty(),
                Optional.empty(),
                _ -> {
                  record(entry("key.make", name));
                  throw new IllegalStateException("after the line");
                }));

    assertEquals(0, count("select count(*) from turnout.api_key where name = '" + name + "'"));
    assertEquals(List.of(), trail("target=" + name).path("items"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update turnout.audit set who = 'nobody'",
        "delete from turnout.audit",
        "truncate turnout.audit",
        "set session_replication_role = replica; delete from turnout.audit",
        "select turnout.forget_audit(now() - interval '29 days', 'tidy')",
        "select turnout.forget_audit(now() - interval '31 days', ' ')"
      })
  void noStatementChangesALine(String sql) throws SQLException {
    record(entry("test.write", "final"));
    var before = count("select count(*) from turnout.audit");

    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      assertThrows(SQLException.class, () -> statement.execute(sql));
      statement.execute("set session_replication_role = origin");
    }

    assertEquals(before, count("select count(*) from turnout.audit"));
    assertEquals(0, count("select count(*) from turnout.audit where who = 'nobody'"));
  }

  @Test
  void theOwnersRetentionTakesOldLinesAndLeavesOne() throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          "insert into turnout.audit (at, who, tenant, action, target, result)"
              + " values (now() - interval '40 days', 'x', '', 'test.old', 'old', 'done')");
      statement.execute(
          "select turnout.forget_audit(now() - interval '35 days', 'a year is over')");
      assertThrows(SQLException.class, () -> statement.execute("delete from turnout.audit"));
    }

    assertEquals(List.of(), trail("action=test.old").path("items"));
    var line = trail("action=audit.forget");
    assertEquals("a year is over", line.path("items[0].why"));
    assertEquals((Integer) 1, line.<Integer>path("items[0].after.lines"));
  }

  @Test
  void linesComeInPagesNewestFirstAndByFilter() {
    var target = "t-" + UUID.randomUUID();
    for (var action : List.of("thing.make", "thing.clear", "things.other")) {
      record(entry(action, target).because("for a test"));
    }

    var first = trail("target=" + target + "&limit=1");
    assertEquals(List.of("things.other"), first.path("items.action"));
    var second = trail("target=" + target + "&limit=1&cursor=" + first.path("next"));
    assertEquals(List.of("thing.clear"), second.path("items.action"));
    assertEquals(
        List.of("thing.clear", "thing.make"),
        trail("action=thing&target=" + target).path("items.action"));
    assertEquals(
        List.of("thing.make"),
        trail("action=thing.make&who=a%20test&target=" + target).path("items.action"));
    assertEquals(List.of(), trail("who=nobody&target=" + target).path("items"));
    String at = second.path("items[0].at");
    assertEquals(
        List.of("thing.make"), trail("target=" + target + "&to=" + at).path("items.action"));
    assertEquals(
        List.of("things.other", "thing.clear"),
        trail("target=" + target + "&from=" + at).path("items.action"));
  }

  @Test
  void theTrailIsExportedLineByLine() {
    var target = "t-" + UUID.randomUUID();
    for (int i = 0; i < 3; i++) {
      record(entry("thing.make", target).to(Map.of("n", i)));
    }

    var export = admin().accept("application/x-ndjson").get("/admin/v1/audit?target=" + target);

    assertEquals("application/x-ndjson", export.contentType());
    var lines = export.asString().lines().toList();
    assertEquals(3, lines.size());
    assertTrue(lines.getFirst().contains("\"n\": 2"), lines.getFirst());
    assertTrue(lines.stream().allMatch(line -> line.startsWith("{") && line.endsWith("}")));
  }

  @Test
  void credentialsAndFloodsAreNotKept() {
    var target = "t-" + UUID.randomUUID();
    record(
        entry("thing.make", target)
            .from(Map.of("apiKey", "whatever", "list", List.of("x sk-ant-0123456789abcdef y")))
            .to(Map.of("text", "é\"".repeat(50_000))));

    var line = trail("target=" + target);

    assertEquals("[redacted]", line.path("items[0].before.apiKey"));
    assertEquals("x [redacted] y", line.path("items[0].before.list[0]"));
    assertEquals((Integer) 200_011, line.<Integer>path("items[0].after.tooLarge.bytes"));
    assertTrue(line.asString().length() < 10_000);
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=201, limit",
    "cursor=x, cursor",
    "from=yesterday, from",
    "to=2026-01-31, to",
    "action=%00, action"
  })
  void badParametersAreNamed(String query, String parameter) {
    Refusals.check(
        admin().get("/admin/v1/audit?" + query), ProblemType.INVALID_PARAMETER, parameter);
  }

  @Test
  void onlyOperatorsReadIt() {
    for (var scope : List.of("turns", "read")) {
      var answer = with(newKey("default", scope)).get("/admin/v1/audit");
      Refusals.check(answer, ProblemType.SCOPE_MISSING, null);
    }
  }

  private long count(String sql) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
