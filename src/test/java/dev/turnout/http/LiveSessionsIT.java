package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.newKey;
import static dev.turnout.http.Api.with;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.livesession.LiveSessions;
import dev.turnout.livesession.OwnerLedger;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** What an admin sees of living processes, and can do with them. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class LiveSessionsIT {
  private static final String ALL = "/admin/v1/live-sessions";

  @Inject LiveSessions sessions;
  @Inject OwnerLedger ledger;
  @Inject CurrentSettings settings;

  @ConfigProperty(name = "turnout.data-dir")
  String data;

  private long startOne(long session) {
    return LiveDemo.start(session, settings, ledger, sessions, data);
  }

  private String idOf(long pid) {
    return admin().get(ALL).path("items.find { it.pid == " + pid + " }.id");
  }

  @Test
  void aProcessIsShownWithWhatItUsesAndOwns() {
    long pid = startOne(900_001);

    var id = idOf(pid);

    admin()
        .get(ALL + "/" + id)
        .then()
        .statusCode(200)
        .body("backend", equalTo("demo"))
        .body("state", equalTo("ready"))
        .body("turns", equalTo(1))
        .body("residentBytes", greaterThan(1_000_000))
        .body("openFiles", greaterThan(2))
        .body("resources.kind", hasItems("temp_directory", "home"))
        .body("argv", hasItem("--live"))
        .body("fingerprint.command", containsString("java"));
  }

  @Test
  void closedProcessIsGoneAndStillShownWithItsReason() {
    long pid = startOne(900_002);
    var id = idOf(pid);

    admin().post(ALL + "/" + id + "/close").then().statusCode(204);

    assertTrue(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    admin()
        .get(ALL + "/" + id)
        .then()
        .body("state", equalTo("closed"))
        .body("closeReason", equalTo("closed_by_admin"));
    admin()
        .post(ALL + "/" + id + "/close")
        .then()
        .statusCode(404)
        .body("code", equalTo("live_session_not_found"));
  }

  @Test
  void recycledProcessThatWaitsEndsAtOnce() {
    var id = idOf(startOne(900_003));

    admin().post(ALL + "/" + id + "/recycle").then().statusCode(204);

    admin().get(ALL + "/" + id).then().body("closeReason", equalTo("recycled"));
    admin().get(ALL).then().body("items.findAll { it.state == 'ready' }.id", not(hasItem(id)));
  }

  @Test
  void nobodyButAnAdminMayLookOrTouch() {
    var key = newKey("default", "turns", "read");

    with(key).get(ALL).then().statusCode(403);
    with(key).get(ALL + "/x").then().statusCode(403);
    with(key).post(ALL + "/x/close").then().statusCode(403);
    with(key).post(ALL + "/x/recycle").then().statusCode(403);
  }

  @Test
  void unknownProcessIsNotFound() {
    for (var path : List.of("/close", "/recycle")) {
      admin().post(ALL + "/live-0-0" + path).then().statusCode(404);
    }
    admin().get(ALL + "/live-0-0").then().statusCode(404);
  }
}
