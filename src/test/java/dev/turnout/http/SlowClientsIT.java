package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.submit;
import static dev.turnout.http.RawHttp.head;
import static dev.turnout.testing.Patience.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who sends or takes too slowly keeps nothing from others, and loses nothing of its own. */
@QuarkusTest
@TestProfile(FuzzedApplication.class)
@Timeout(120)
class SlowClientsIT {
  /** Six megabytes of events: Linux lets the buffer of a sending socket grow to four. */
  private static final int MANY = 3_300;

  @Inject StreamSeats seats;

  @AfterEach
  void leaveNoLimits() {
    Api.endEverything();
    patch("{\"http\":null,\"queue\":null}");
  }

  private static void patch(String document) {
    admin()
        .header("If-Match", admin().get("/admin/v1/config").header("ETag"))
        .contentType("application/merge-patch+json")
        .body(document)
        .patch("/admin/v1/config")
        .then()
        .statusCode(200);
  }

  @Test
  void aBodyThatDoesNotArriveIsGivenUpAndNothingWasAccepted() throws Exception {
    patch("{\"http\":{\"body-timeout\":\"PT0.5S\"}}");
    var session = newSession();
    try (var wire = new RawHttp()) {
      wire.send(head("POST", "/v1/sessions/" + session + "/turns"))
          .send("Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
      var dribble =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      while (wire.tries(" ")) {
                        TimeUnit.MILLISECONDS.sleep(50);
                      }
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  });

      var answered = wire.untilClosed();

      assertEquals(408, RawHttp.status(answered), answered);
      assertTrue(answered.contains("request_too_slow"), answered);
      dribble.join();
    }
    assertEquals(404, admin().get("/v1/sessions/" + session).statusCode());
  }

  @Test
  void aReaderThatTakesNothingIsCutAndGoesOnWhereItWas() throws Exception {
    var turn = turnThatSaysMuch();
    patch("{\"http\":{\"slow-reader\":\"PT1S\"}}");
    int seen;
    try (var wire = new RawHttp(4_096)) {
      wire.send(head("GET", "/v1/turns/" + turn + "/events") + "\r\n");
      assertEquals("HTTP/1.1 200", wire.first(12));
      await().atMost(Duration.ofSeconds(30)).until(() -> seats.taken() == 0);
      seen = lastWholeEvent(wire.untilQuiet(2_000));
    }

    try (var stream = EventReader.of(turn, "Last-Event-ID", String.valueOf(seen))) {
      var rest = stream.until("succeeded");
      assertEquals(String.valueOf(seen + 1), rest.getFirst().id());
    }
  }

  @Test
  void aReaderThatTakesLittleAtATimeIsWaitedFor() throws Exception {
    var turn = turnThatSaysMuch();
    patch("{\"http\":{\"slow-reader\":\"PT2S\"}}");
    try (var wire = new RawHttp(65_536)) {
      wire.send(head("GET", "/v1/turns/" + turn + "/events") + "Connection: close\r\n\r\n");
      long slowUntil = System.nanoTime() + TimeUnit.SECONDS.toNanos(7);
      while (System.nanoTime() < slowUntil) {
        wire.first(4_096);
        TimeUnit.MILLISECONDS.sleep(50);
      }

      assertTrue(wire.untilClosed().contains("event: succeeded"), "it was cut");
    }
  }

  /** Each character is one byte of the input and six of its event. */
  private static String turnThatSaysMuch() {
    patch("{\"queue\":{\"max-input-bytes\":2000000}}");
    var said = "say " + "\\u0001".repeat(300) + ";";
    return submit(
            admin().header("Prefer", "wait=30"),
            newSession(),
            "{\"input\":{\"text\":\"" + said.repeat(MANY) + "ok\"}}")
        .then()
        .statusCode(200)
        .extract()
        .path("id");
  }

  private static int lastWholeEvent(String received) {
    var whole = received.substring(0, Math.max(0, received.lastIndexOf("\n\n")));
    return whole
        .lines()
        .filter(line -> line.startsWith("id: "))
        .mapToInt(line -> Integer.parseInt(line.substring(4).strip()))
        .max()
        .orElse(0);
  }
}
