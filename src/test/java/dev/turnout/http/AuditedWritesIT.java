package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.makeKey;
import static dev.turnout.http.ConfigIT.based;
import static dev.turnout.http.ConfigIT.etag;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.livesession.LiveSessions;
import dev.turnout.livesession.OwnerLedger;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/**
 * Every call of the published description by which an operator changes something leaves one line. A
 * call that is new fails here until it is tried, or is said to change nothing.
 */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class AuditedWritesIT {
  /** They answer a question; the body is only too large for an address. */
  private static final Set<String> QUESTIONS =
      Set.of("classifyFailure", "tryClassificationRules", "explainRoute");

  @Inject LiveSessions sessions;
  @Inject OwnerLedger ledger;
  @Inject CurrentSettings settings;

  @ConfigProperty(name = "turnout.data-dir")
  String data;

  /**
   * A call that changes something.
   *
   * @param action what its line says
   * @param send sends it, with what identifies the request
   */
  private record Write(String action, Function<RequestSpecification, Response> send) {}

  private static RequestSpecification json(RequestSpecification request, String body) {
    return request.contentType("application/json").body(body);
  }

  private Map<String, Write> writes() {
    var writes = new HashMap<String, Write>();
    var config = ConfigIT.PATH;
    writes.put(
        "patchConfig",
        new Write(
            "config.patch",
            r ->
                json(r.header("If-Match", etag()), "{\"queue\":{\"max-runs\":11}}").patch(config)));
    writes.put(
        "putConfig",
        new Write(
            "config.put",
            r -> json(r.header("If-Match", etag()), "{\"queue\":{\"max-runs\":12}}").put(config)));
    writes.put(
        "rollbackConfig",
        new Write("config.rollback", r -> json(r, "{\"revision\":1}").post(config + "/rollback")));
    writes.put(
        "makeApiKey",
        new Write(
            "key.make",
            r -> json(r, "{\"name\":\"x\",\"scopes\":[\"read\"]}").post("/admin/v1/keys")));
    writes.put("revokeApiKey", new Write("key.revoke", r -> r.delete(key())));
    writes.put("rotateApiKey", new Write("key.rotate", r -> json(r, "{}").post(key() + "/rotate")));
    writes.put(
        "changeApiKey",
        new Write("key.change", r -> json(r, "{\"rate\":{\"perSecond\":5}}").patch(key())));
    writes.put(
        "makeCooldown", new Write("cooldown.make", r -> json(r, cooldown()).post(COOLDOWNS)));
    writes.put(
        "clearCooldown", new Write("cooldown.clear", r -> r.delete(COOLDOWNS + made() + "?why=x")));
    writes.put(
        "probeCooldown",
        new Write(
            "cooldown.probe",
            r -> json(r, "{\"prompt\":\"ok\"}").post(COOLDOWNS + made() + "/probe")));
    writes.put("orderFaultDrill", new Write("fault_drill.order", r -> json(r, DRILL).post(DRILLS)));
    writes.put(
        "endFaultDrill",
        new Write(
            "fault_drill.end",
            r -> r.delete(DRILLS + "/" + json(admin(), DRILL).post(DRILLS).<String>path("id"))));
    writes.put(
        "closeLiveSession",
        new Write("live_session.close", r -> r.post(living(920_001) + "/close")));
    writes.put(
        "recycleLiveSession",
        new Write("live_session.recycle", r -> r.post(living(920_002) + "/recycle")));
    writes.put(
        "drainLiveSessions",
        new Write(
            "live_session.drain",
            r -> json(r, "{\"backend\":\"demo\"}").post("/admin/v1/live-sessions/drain")));
    return writes;
  }

  private static final String COOLDOWNS = "/admin/v1/cooldowns";
  private static final String DRILLS = "/admin/v1/fault-drills";
  private static final String DRILL =
      "{\"backend\":\"demo\",\"reason\":\"billing\",\"turns\":1,\"sessions\":[\"nobody\"]}";

  private static String cooldown() {
    return "{\"why\":\"x\",\"forSeconds\":600,\"reason\":\"billing\",\"account\":\"~demo\","
        + "\"runtime\":\"cli\",\"lane\":\"helper\"}";
  }

  private static String key() {
    return "/admin/v1/keys/" + makeKey("default", "read").<String>path("id");
  }

  private static String made() {
    return "/" + json(admin(), cooldown()).post(COOLDOWNS).<String>path("id");
  }

  private String living(long session) {
    long pid = LiveDemo.start(session, settings, ledger, sessions, data);
    var all = "/admin/v1/live-sessions";
    return all + "/" + admin().get(all).<String>path("items.find { it.pid == " + pid + " }.id");
  }

  @Test
  void eachWriteLeavesOneLineWithWhoWhatAndFromWhere() throws IOException {
    var writes = writes();
    var published =
        Contract.served().calls().stream()
            .filter(call -> call.path().startsWith("/admin/") && !call.method().equals("GET"))
            .map(Contract.Call::name)
            .filter(name -> !QUESTIONS.contains(name))
            .collect(Collectors.toSet());
    assertEquals(published, writes.keySet(), "say here how it is called, and what its line says");

    writes.forEach(AuditedWritesIT::check);
    based(etag()).body("{\"queue\":null}").patch(ConfigIT.PATH).then().statusCode(200);
  }

  private static void check(String name, Write write) {
    // Of its own, so that the line is found by it.
    var trace = "%032x".formatted((name.hashCode() & 0xffffffffL) | (1L << 40));
    var answer =
        write.send().apply(admin().header("traceparent", "00-" + trace + "-b7ad6b7169203331-01"));
    assertTrue(answer.statusCode() < 300, () -> name + ": " + answer.asString());

    var lines = admin().get("/admin/v1/audit?limit=200&action=" + write.action());
    var found = "items.findAll { it.requestId == '" + trace + "' }";
    assertEquals(List.of(write.action()), lines.path(found + ".action"), name);
    assertEquals(List.of("bootstrap"), lines.path(found + ".who.name"), name);
    assertEquals(List.of("127.0.0.1"), lines.path(found + ".remote"), name);
    assertEquals(List.of("done"), lines.path(found + ".result"), name);
    assertNotNull(lines.path(found + "[0].target"), name);
  }
}
