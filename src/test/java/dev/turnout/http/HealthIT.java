package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.finish;
import static dev.turnout.http.Api.newKey;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.turnout.testing.OperatedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Accounts and backends tell how they do, and no secret. */
@QuarkusTest
@TestProfile(OperatedApplication.class)
class HealthIT {
  private static final String WORK = "/admin/v1/auth-profiles/work";

  @AfterEach
  void clear() {
    for (var id : admin().get("/admin/v1/cooldowns").<List<String>>path("items.id")) {
      admin().delete("/admin/v1/cooldowns/" + id + "?why=test").then().statusCode(204);
    }
  }

  @Test
  void anAuthProfileTellsWhetherItsSecretCanBeRead() throws IOException {
    Files.createDirectories(OperatedApplication.SECRET.getParent());
    Files.writeString(OperatedApplication.SECRET, "nobody-reads-this");
    var work = admin().get(WORK);
    assertEquals("present", work.path("secret.state"));
    assertEquals("file:" + OperatedApplication.SECRET, work.path("secret.from"));
    assertEquals("api_key", work.path("kind"));
    assertEquals(List.of("ops", "ops", "tool"), work.path("usedBy.agent"));
    assertFalse(work.asString().contains("nobody-reads-this"));

    Files.writeString(OperatedApplication.SECRET, " ");
    assertEquals("missing", admin().get(WORK).path("secret.state"));
    Files.delete(OperatedApplication.SECRET);
    assertEquals("missing", admin().get(WORK).path("secret.state"));
    Files.createDirectory(OperatedApplication.SECRET);
    assertEquals("unreadable", admin().get(WORK).path("secret.state"));
    Files.delete(OperatedApplication.SECRET);

    var all = admin().get("/admin/v1/auth-profiles");
    assertEquals(List.of("absent", "off", "plan", "work"), all.path("items.name"));
    assertEquals("missing", all.path("items[0].secret.state"));
    assertEquals("env:TURNOUT_TEST_NO_SUCH_VARIABLE", all.path("items[0].secret.from"));
    assertNull(all.path("items[0].health.lastFailure"));
  }

  @Test
  void whatAnAccountHasDoneStandsBesideWhatRestsOfIt() {
    var before = admin().get(WORK);
    finish(newSession(), "ok");
    finish(newSession(), "fail 402");

    var work = admin().get(WORK);
    assertEquals("billing", work.path("health.lastFailure.reason"));
    assertNotNull(work.path("health.lastSuccess"));
    assertEquals(2, difference(before, work, "health.attempts"));
    assertEquals(1, difference(before, work, "health.failed"));
    assertEquals(1, difference(before, work, "health.skipped"));
    assertEquals(List.of("payment"), work.path("cooldowns.key.scope"));
    var api = admin().get("/admin/v1/backends/api");
    assertEquals("billing", api.path("health.lastFailure.reason"));
    assertEquals(List.of("payment"), api.path("cooldowns.key.scope"));
    assertEquals(List.of(), admin().get("/admin/v1/backends/cli").path("cooldowns"));
  }

  private static int difference(Response before, Response after, String field) {
    return after.<Integer>path(field) - before.<Integer>path(field);
  }

  @Test
  void aBackendTellsWhetherItsProgramIsThere() {
    var backends = admin().get("/admin/v1/backends");
    var names = backends.<List<String>>path("items.name");

    var api = "items[" + names.indexOf("api") + "].";
    assertEquals("anthropic", backends.path(api + "kind"));
    assertEquals("api", backends.path(api + "runtime"));
    assertEquals(List.of("big", "small"), backends.path(api + "models"));
    assertNull(backends.path(api + "program"));
    var cli = "items[" + names.indexOf("cli") + "].";
    assertEquals(true, backends.<Boolean>path(cli + "program.found"));
    assertEquals("cli", backends.path(cli + "runtime"));
    var lost = "items[" + names.indexOf("lost") + "].";
    assertEquals(false, backends.<Boolean>path(lost + "program.found"));
    assertEquals(List.of(), backends.path(lost + "usedBy"));
  }

  @Test
  void whatIsNotConfiguredIsNotFoundAndOnlyOperatorsLook() {
    Refusals.check(
        admin().get("/admin/v1/auth-profiles/none"), ProblemType.AUTH_PROFILE_NOT_FOUND, null);
    Refusals.check(admin().get("/admin/v1/backends/none"), ProblemType.BACKEND_NOT_FOUND, null);
    for (var scope : List.of("turns", "read")) {
      var key = newKey("default", scope);
      for (var path : List.of("auth-profiles", "auth-profiles/work", "backends", "backends/api")) {
        Refusals.check(with(key).get("/admin/v1/" + path), ProblemType.SCOPE_MISSING, null);
      }
    }
  }
}
