package dev.turnout.http;

import static dev.turnout.http.Api.accept;
import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.finish;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static dev.turnout.http.ConfigIT.PATH;
import static dev.turnout.http.ConfigIT.based;
import static dev.turnout.http.ConfigIT.etag;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

import dev.turnout.livesession.LiveSessions;
import dev.turnout.livesession.OwnerLedger;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a change of the settings does to turns and processes, seen from outside. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class ConfigInUseIT {
  @Inject LiveSessions sessions;
  @Inject OwnerLedger ledger;
  @Inject CurrentSettings settings;

  @ConfigProperty(name = "turnout.data-dir")
  String data;

  @AfterEach
  void leaveNothing() {
    Api.endEverything();
    patch("{\"agents\":null,\"queue\":null,\"messages\":null,\"backends\":null}");
  }

  private static ValidatableResponse patch(String body) {
    return based(etag()).body(body).patch(PATH).then().statusCode(200);
  }

  @Test
  void peopleAreToldInTheOperatorsWords() {
    patch("{\"messages\":{\"en\":{\"policy\":\"Ask Ann.\"}}}");
    var rule = "{\"id\":\"acme\",\"when\":\"status = 418\",\"reason\":\"content_policy\"";
    patch("{\"classification\":{\"rules\":[" + rule + ",\"why\":\"theirs\"}]}}");

    finish(newSession(), "fail 418")
        .then()
        .body("failure.message", equalTo("Ask Ann. This does not pass by itself."));

    patch("{\"messages\":null}");
    finish(newSession(), "fail 418").then().body("failure.message", not(containsString("Ask Ann")));
    patch("{\"classification\":null}");
  }

  @Test
  void turnsOfAnAgentWaitAsItsSettingsSay() {
    patch(
        "{\"agents\":{\"door\":{\"chain\":[{\"backend\":\"demo\"}],"
            + "\"queue\":{\"busy-mode\":\"reject\",\"max-input-bytes\":6}}}}");
    var session = newSession();
    var of = "\"agent\":\"door\"";
    submit(session, says("hold", of)).then().statusCode(202);

    Refusals.check(submit(session, says("ok", of)), ProblemType.SESSION_BUSY, null);
    Refusals.check(
        submit(newSession(), says("seven b", of)), ProblemType.INVALID_FIELD, "/input/text");
    // Who says what is to happen is asked for nothing else, and other agents have other limits.
    submit(session, says("ok", of + ",\"mode\":\"followup\"")).then().statusCode(202);
    accept(session, "longer than six bytes");

    patch("{\"agents\":{\"door\":{\"queue\":{\"busy-mode\":null,\"session-cap\":1}}}}");
    Refusals.check(submit(session, says("ok", of)), ProblemType.QUEUE_FULL, null);
  }

  @Test
  void planNamesTheProcessesThatComeToTheirEnd() {
    long pid = LiveDemo.start(910_001, settings, ledger, sessions, data);
    var id =
        admin().get("/admin/v1/live-sessions").<String>path("items.find{it.pid==" + pid + "}.id");

    based(etag())
        .body("{\"backends\":{\"demo\":{\"kind\":\"demo\",\"environment\":{\"A\":\"b\"}}}}")
        .patch(PATH + "?dryRun=true")
        .then()
        .statusCode(200)
        .body("recycled.id", hasItem(id))
        .body("recycled.find { it.id == '" + id + "' }.busy", equalTo(false))
        .body(
            "recycled.find { it.id == '" + id + "' }.why",
            equalTo("its backend is started otherwise"));
    based(etag())
        .body("{\"queue\":{\"max-runs\":9}}")
        .patch(PATH + "?dryRun=true")
        .then()
        .body("recycled.id", not(hasItem(id)));
    admin().post("/admin/v1/live-sessions/" + id + "/close").then().statusCode(204);
  }

  @Test
  void allFlawsOfADryRunAreNamedByPointer() {
    based(etag())
        .body(
            "{\"port\":1,\"lease\":\"9s\",\"messages\":{\"en\":{\"again\":\"{0}\"}},"
                + "\"retention\":{\"turns\":\"1s\"},\"queue\":{\"busy-mode\":\"x\",\"nope\":1},"
                + "\"agents\":{\"a\":{\"chain\":[{\"backend\":\"gone\"}]}}}")
        .patch(PATH + "?dryRun=true")
        .then()
        .statusCode(200)
        .body("valid", equalTo(false))
        .body(
            "flaws.pointer",
            hasItems(
                "/port",
                "/lease",
                "/messages/en/again",
                "/retention/turns",
                "/queue/busy-mode",
                "/queue/nope",
                "/agents/a/chain/0/backend"));
  }
}
