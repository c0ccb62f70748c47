package dev.turnout.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Turnout is killed with turns waiting and running, and started again. */
@Timeout(600)
class CrashIT {
  private static final int SESSIONS = 50;
  private static final int TURNS = 10;

  /** Two sessions of each agent hang on this turn at the kill. */
  private static final int HANGING = 2;

  @TempDir private Path data;

  private static String session(int number) {
    return "s" + number;
  }

  /** The first 40 sessions belong to the quiet agent. */
  private static boolean loud(int session) {
    return session >= 40;
  }

  private static boolean hangs(int session) {
    return session == 0 || session == 1 || session == 40 || session == 41;
  }

  @Test
  void nothingIsLostAndWhatRanFollowsThePolicy() throws IOException, InterruptedException {
    var works = new Works(data.resolve("traces"));
    works.configure(data, 8);
    var turns = new LinkedHashMap<String, String>();
    try (var database = TestDatabase.fresh()) {
      try (var first = PackagedTurnout.start(database, data)) {
        submitAll(first, turns);
        Awaitility.await("four hang")
            .atMost(Duration.ofMinutes(3))
            .until(
                () ->
                    IntStream.of(0, 1, 40, 41)
                        .allMatch(number -> works.hangs(session(number), HANGING)));
        for (var loudOne : List.of("s40 2 hang", "s41 2 hang")) {
          first.awaitEvent(turns.get(loudOne), "output");
        }
        first.kill();
      }
      try (var second = PackagedTurnout.start(database, data)) {
        assertTrue(second.output().contains("processes that the last start had left"));
        var ends = awaitEnds(second, turns);
        checkEnds(ends);
        checkOrder(works.log());
        checkEvents(second.events(turns.get("s40 2 hang"), 2));
        second.stop();
      }
    }
  }

  private static void submitAll(PackagedTurnout turnout, Map<String, String> turns)
      throws IOException, InterruptedException {
    for (int n = 1; n <= TURNS; n++) {
      for (int s = 0; s < SESSIONS; s++) {
        var input = session(s) + " " + n + (hangs(s) && n == HANGING ? " hang" : "");
        var agent = loud(s) ? "loud" : "quiet";
        var body = "{\"input\":{\"text\":\"%s\"},\"agent\":\"%s\"}".formatted(input, agent);
        turns.put(input, turnout.submit(session(s), body));
      }
    }
  }

  private static Map<String, JsonNode> awaitEnds(PackagedTurnout turnout, Map<String, String> turns)
      throws IOException, InterruptedException {
    var ends = new LinkedHashMap<String, JsonNode>();
    for (var turn : turns.entrySet()) {
      ends.put(turn.getKey(), turnout.awaitEnd(turn.getValue()));
    }
    return ends;
  }

  private static void checkEnds(Map<String, JsonNode> ends) {
    assertEquals(SESSIONS * TURNS, ends.size());
    ends.forEach(
        (input, turn) -> {
          var state = turn.path("state").asText();
          var session = Integer.parseInt(input.substring(1, input.indexOf(' ')));
          if (loud(session) && state.equals("failed")) {
            assertEquals("interrupted", turn.at("/failure/reason").asText(), turn.toString());
          } else {
            assertEquals("succeeded", state, turn.toString());
          }
        });
    for (var quiet : List.of("s0 2 hang", "s1 2 hang")) {
      assertEquals("done with 2", ends.get(quiet).at("/answer/text").asText());
    }
    for (var loud : List.of("s40 2 hang", "s41 2 hang")) {
      assertEquals("failed", ends.get(loud).path("state").asText());
    }
  }

  /** Taken up behind event 2, which the client read before the crash. */
  private static void checkEvents(List<String> lines) {
    var ids =
        lines.stream()
            .filter(line -> line.startsWith("id:"))
            .map(line -> Integer.parseInt(line.substring(3).strip()))
            .toList();
    assertEquals(IntStream.range(3, 3 + ids.size()).boxed().toList(), ids);
    assertTrue(lines.contains("event: output"), lines.toString());
    assertEquals("event: failed", lines.getLast());
  }

  /** A turn that started may have been killed and start again; none starts before its time. */
  private static void checkOrder(List<String> log) {
    assertEquals(List.of(), log.stream().filter(line -> line.startsWith("overlap")).toList());
    var newest = new HashMap<String, Integer>();
    for (var line : log) {
      var words = line.split(" ", -1);
      var turn = Integer.parseInt(words[2]);
      var before = newest.getOrDefault(words[1], 0);
      assertTrue(turn == before || turn == before + 1, line + " after turn " + before);
      newest.put(words[1], turn);
    }
    assertEquals(SESSIONS, newest.size());
  }
}
