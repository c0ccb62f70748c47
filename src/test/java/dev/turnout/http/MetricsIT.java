package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.finish;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.testing.Patience.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.livesession.CloseReason;
import dev.turnout.livesession.LiveSessions;
import dev.turnout.livesession.OwnerLedger;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.telemetry.Metric;
import dev.turnout.testing.OperatedApplication;
import dev.turnout.turn.SessionId;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** What is counted is what the page of metrics says. */
@QuarkusTest
@TestProfile(OperatedApplication.class)
class MetricsIT {
  private static final Pattern ROW =
      Pattern.compile("\\| `(turnout_\\w+)` \\| (\\w+) \\| (`.*`) \\| (.*) \\|");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

  private record Described(String name, String type, List<String> labels, String help) {}

  private record Counted(int more, String name, List<String> labels) {
    Counted(int more, String name, String... labels) {
      this(more, name, List.of(labels));
    }

    double now() {
      return value(name, labels.toArray(String[]::new));
    }
  }

  /** What a turn that is answered, one that is not, and a probe add. */
  private static final List<Counted> COUNTED =
      List.of(
          new Counted(1, "turnout_attempts_total", "outcome=\"answered\"", "lane=\"user\""),
          new Counted(2, "turnout_attempts_total", "reason=\"billing\"", "family=\"provider\""),
          new Counted(3, "turnout_attempt_duration_seconds_count", "backend=\"api\""),
          new Counted(1, "turnout_attempts_skipped_total", "reason=\"billing\""),
          new Counted(1, "turnout_fallbacks_total", "reason=\"billing\""),
          new Counted(1, "turnout_turns_ended_total", "state=\"failed\"", "reason=\"billing\""),
          new Counted(1, "turnout_turns_ended_total", "state=\"succeeded\"", "reason=\"none\""),
          new Counted(1, "turnout_live_starts_total", "backend=\"demo\""),
          new Counted(1, "turnout_live_turns_total", "process=\"started\""),
          new Counted(1, "turnout_live_ready_seconds_count", "backend=\"demo\""),
          new Counted(0, "turnout_live_processes", "backend=\"demo\""),
          new Counted(1, "turnout_live_closes_total", "reason=\"session_ended\""),
          new Counted(1, "turnout_probes_total", "outcome=\"failed\"", "scope=\"payment\""));

  @Inject LiveSessions living;
  @Inject OwnerLedger ledger;
  @Inject CurrentSettings settings;

  @ConfigProperty(name = "turnout.data-dir")
  String data;

  private static String scrape() {
    // Without it the answer is in OpenMetrics, where the description of a counter has another name.
    return admin().accept("text/plain").get("/q/metrics").asString();
  }

  private static List<String> series(String name) {
    return scrape().lines().filter(line -> line.startsWith(name + "{")).toList();
  }

  /** The sum of the series of this name with all of these labels. */
  private static double value(String name, String... labels) {
    return series(name).stream()
        .filter(line -> Stream.of(labels).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private static void clear() {
    for (var id : admin().get("/admin/v1/cooldowns").<List<String>>path("items.id")) {
      admin().delete("/admin/v1/cooldowns/" + id + "?why=test").then().statusCode(204);
    }
  }

  @Test
  void thePageNamesEveryMetricAndNoOther() throws IOException {
    var documented =
        Files.readAllLines(Path.of("docs/METRICS.md")).stream()
            .map(ROW::matcher)
            .filter(java.util.regex.Matcher::matches)
            .map(
                row ->
                    new Described(
                        row.group(1),
                        row.group(2),
                        List.of(row.group(3).replace("`", "").split(" ", -1)),
                        row.group(4)))
            .toList();

    assertEquals(
        Arrays.stream(Metric.values())
            .map(m -> new Described(m.published(), m.kind().code(), m.labels(), m.help()))
            .toList(),
        documented);
  }

  @Test
  void everyMetricIsServedAsDescribedAndGoesWithItsCooldown() {
    // Tests of the same application have counted before us.
    var before = COUNTED.stream().map(Counted::now).toList();
    finish(newSession(), "ok");
    finish(newSession(), "fail 402");
    String id = admin().get("/admin/v1/cooldowns").path("items[0].id");
    await().until(() -> !series("turnout_cooldowns").isEmpty());
    assertEquals(1, value("turnout_cooldowns", "scope=\"payment\"", "reason=\"billing\""));
    admin()
        .contentType(ContentType.JSON)
        .body("{\"prompt\":\"fail 402\"}")
        .post("/admin/v1/cooldowns/" + id + "/probe")
        .then()
        .statusCode(200);
    var session = new SessionId(910_001);
    LiveDemo.start(session.value(), settings, ledger, living, data);
    assertEquals(1, value("turnout_live_processes", "backend=\"demo\"", "state=\"ready\""));
    living.close(session, CloseReason.SESSION_ENDED);

    assertServed();
    for (int i = 0; i < COUNTED.size(); i++) {
      var series = COUNTED.get(i);
      assertEquals(series.more, series.now() - before.get(i), series.name);
    }
    clear();
    await().until(() -> series("turnout_cooldowns").isEmpty());
  }

  private static void assertServed() {
    var scraped = scrape();
    for (var metric : Metric.values()) {
      var name = metric.published();
      assertTrue(scraped.contains("# HELP " + name + " " + metric.help()), name);
      assertTrue(scraped.contains("# TYPE " + name + " " + metric.kind().code()), name);
      var sample = metric.kind() == Metric.Kind.HISTOGRAM ? name + "_count" : name;
      for (var line : series(sample)) {
        var labels = LABEL.matcher(line).results().map(r -> r.group(1)).collect(Collectors.toSet());
        assertEquals(new HashSet<>(metric.labels()), labels, line);
      }
      assertFalse(series(sample).isEmpty(), name);
    }
    var described = Pattern.compile("# HELP (turnout_\\w+)").matcher(scraped);
    Set<String> ours = new TreeSet<>();
    Arrays.stream(Metric.values()).map(Metric::published).forEach(ours::add);
    Set<String> served = new TreeSet<>();
    described.results().map(found -> found.group(1)).forEach(served::add);
    served.removeIf(name -> name.endsWith("_max"));
    assertEquals(ours, served);
  }

  @Test
  void aBreakerOpensForItsModelAndLaneAlone() {
    admin()
        .contentType(ContentType.JSON)
        .body(
            "{\"reason\":\"overloaded\",\"backend\":\"api\",\"model\":\"big\",\"lane\":\"helper\","
                + "\"forSeconds\":600,\"why\":\"a test\"}")
        .post("/admin/v1/cooldowns")
        .then()
        .statusCode(201);
    var name = "turnout_breaker_state";
    String[] open = {"backend=\"api\"", "model=\"big\"", "lane=\"helper\""};

    await().until(() -> value(name, open) == 2);

    assertEquals(0, value(name, "backend=\"api\"", "model=\"big\"", "lane=\"user\""));
    assertEquals(0, value(name, "backend=\"api\"", "model=\"small\"", "lane=\"helper\""));
    assertEquals(List.of("open"), admin().get("/admin/v1/backends/api").path("breakers.state"));
    clear();
    await().until(() -> value(name, open) == 0);
  }
}
