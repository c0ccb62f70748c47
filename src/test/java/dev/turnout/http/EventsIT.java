package dev.turnout.http;

import static dev.turnout.http.Api.accept;
import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.finish;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.http.EventReader.Event;
import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A turn can be followed as it happens, taken up again, and read when it is over. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class EventsIT {
  @AfterEach
  void leaveNothingRunning() {
    Api.endEverything();
  }

  @Test
  void eventsAreNumberedWithoutAGapAndEndWithTheTurn() throws Exception {
    String turn = finish(newSession(), "say one;say two;say three").path("id");

    try (var events = EventReader.of(turn)) {
      var all = events.rest();

      assertNumbered(all, 1);
      assertEquals(
          List.of("accepted", "started", "attempt_started", "output", "succeeded"),
          types(all).stream().distinct().toList());
      // Pieces that come close to each other are one event.
      assertEquals(
          "onetwothree",
          all.stream()
              .filter(event -> event.type().equals("output"))
              .map(event -> event.json().getString("data.text"))
              .collect(Collectors.joining()));
      for (var event : all) {
        var json = event.json();
        assertEquals(event.id(), json.getString("id"));
        assertEquals(event.type(), json.getString("type"));
        assertFalse(Instant.parse(json.getString("at")).isBefore(Instant.EPOCH));
      }
    }
  }

  @Test
  void theLastEventTellsWhatTheTurnTells() throws Exception {
    var turn = finish(newSession(), "ok");

    try (var events = EventReader.of(turn.path("id"))) {
      var last = events.rest().getLast().json();

      assertEquals(turn.<String>path("answer.text"), last.getString("data.answer.text"));
      assertEquals(
          turn.<Integer>path("attempts[0].tookMs"), last.getInt("data.attempts[0].tookMs"));
      assertEquals(turn.<Integer>path("configRevision"), last.getInt("data.configRevision"));
    }
  }

  @Test
  void eventsComeWhileTheTurnRuns() throws Exception {
    var session = newSession();
    var turn = accept(session, "say early;hold");

    try (var events = EventReader.of(turn)) {
      var early = events.until("output");
      admin().get("/v1/turns/" + turn).then().body("state", org.hamcrest.Matchers.is("running"));
      admin().post("/v1/turns/" + turn + "/cancel");
      var late = events.rest();

      assertEquals(List.of("cancelled"), types(late));
      assertEquals(early.size() + 1, Integer.parseInt(late.getLast().id()));
      assertEquals("early", late.getLast().json().getString("data.partial"));
    }
  }

  @Test
  void aStreamIsTakenUpRightAfterTheLastEventSeen() throws Exception {
    String turn = finish(newSession(), "say one;say two").path("id");
    List<Event> all;
    try (var events = EventReader.of(turn)) {
      all = events.rest();
    }

    for (int seen = 0; seen < all.size(); seen++) {
      try (var events = EventReader.of(turn, "Last-Event-ID", String.valueOf(seen))) {
        assertEquals(all.subList(seen, all.size()), events.rest());
      }
    }
  }

  @Test
  void aClientThatHasTheLastEventIsToldNotToComeBack() throws Exception {
    String turn = finish(newSession(), "ok").path("id");
    int last;
    try (var events = EventReader.of(turn)) {
      last = events.rest().size();
    }

    admin()
        .header("Last-Event-ID", last)
        .get("/v1/turns/" + turn + "/events")
        .then()
        .statusCode(204);
  }

  @Test
  void aSilentStreamShowsThatItLives() throws Exception {
    var turn = accept(newSession(), "hold");

    try (var events = EventReader.of(turn)) {
      events.until("attempt_started");
      for (int beat = 0; beat < 2; beat++) {
        var event = events.nextOrBeat().orElseThrow();
        assertEquals("heartbeat", event.type());
        assertEquals("", event.id(), "a heartbeat is no place in the log");
      }
    }
  }

  @Test
  void aWaitingTurnCanBeFollowedBeforeItStarts() throws Exception {
    var session = newSession();
    var first = accept(session, "hold");
    var second = accept(session, "say hello");

    try (var events = EventReader.of(second)) {
      assertEquals("accepted", events.next().orElseThrow().type());
      admin().post("/v1/turns/" + first + "/cancel");
      var rest = events.rest();

      assertNumbered(rest, 2);
      assertEquals("succeeded", rest.getLast().type());
    }
  }

  @Test
  void aClientThatLeavesTakesNothingWithIt() throws Exception {
    var session = newSession();
    var turn = accept(session, "say hello;pause 1500;say bye");
    try (var events = EventReader.of(turn)) {
      events.until("output");
    }

    var ended = Api.await(turn);

    assertEquals("succeeded", ended.path("state"));
    try (var events = EventReader.of(turn)) {
      assertNumbered(events.rest(), 1);
    }
  }

  @Test
  void twoClientsReadTheSame() throws Exception {
    var turn = accept(newSession(), "say one;pause 200;say two");

    try (var one = EventReader.of(turn);
        var two = EventReader.of(turn)) {
      assertEquals(one.rest(), two.rest());
    }
  }

  @Test
  void aSubmissionThatAcceptsEventsStreamsAtOnce() throws Exception {
    var session = newSession();

    try (var events = EventReader.submitting(session, says("say hello;hold"))) {
      assertEquals(200, events.response().statusCode());
      assertTrue(
          events
              .response()
              .headers()
              .firstValue("Content-Type")
              .orElse("")
              .startsWith("text/event-stream"));
      var turn = events.response().headers().firstValue("Location").orElseThrow();
      assertEquals("hello", events.until("output").getLast().json().getString("data.text"));
      admin().post(turn + "/cancel");
      assertEquals(List.of("cancelled"), types(events.rest()));
    }
  }

  @Test
  void aFailedTurnEndsItsStreamWithItsFailure() throws Exception {
    String turn = finish(newSession(), "fail 400").path("id");

    try (var events = EventReader.of(turn)) {
      var all = events.rest();

      assertNumbered(all, 1);
      assertEquals(List.of("attempt_failed", "failed"), types(all).subList(3, 5));
      assertEquals("invalid_request", all.getLast().json().getString("data.failure.reason"));
    }
  }

  @Test
  void aBadPlaceIsAProblemAndNoStream() throws IOException, InterruptedException {
    String turn = finish(newSession(), "ok").path("id");

    try (var events = EventReader.of(turn, "Last-Event-ID", "seven")) {
      assertEquals(400, events.response().statusCode());
      assertEquals(
          "application/problem+json",
          events.response().headers().firstValue("Content-Type").orElse(""));
    }
  }

  private static void assertNumbered(List<Event> events, int from) {
    assertEquals(
        IntStream.range(from, from + events.size()).mapToObj(String::valueOf).toList(),
        events.stream().map(Event::id).toList());
  }

  private static List<String> types(List<Event> events) {
    return events.stream().map(Event::type).toList();
  }
}
