package dev.turnout.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes of Turnout share one database and the sessions in it. */
@Timeout(600)
class TwoReplicasIT {
  private static final int SESSIONS = 200;
  private static final int TURNS = 20;
  private static final int CLIENTS = 16;

  @TempDir private Path home;

  @Test
  void everySessionKeepsItsOrderItsCliSessionAndNothingOverlaps() throws Exception {
    var works = new Works(home.resolve("traces"));
    try (var database = TestDatabase.fresh();
        var first = PackagedTurnout.start(database, configured(works, "first"));
        var second = PackagedTurnout.start(database, configured(works, "second"))) {
      var turns = submitThroughBoth(first, second);

      for (var turn : turns) {
        var ended = first.awaitEnd(turn);
        assertEquals("succeeded", ended.path("state").asText(), ended.toString());
      }

      assertEquals(SESSIONS * TURNS, turns.size());
      checkTraces(works.log());
      first.stop();
      second.stop();
    }
  }

  private Path configured(Works works, String name) throws IOException {
    var data = Files.createDirectories(home.resolve(name));
    works.configure(data, 8);
    return data;
  }

  /** The clients of one session wait for each other, as a person does; the sessions do not. */
  private static Set<String> submitThroughBoth(PackagedTurnout first, PackagedTurnout second)
      throws Exception {
    Set<String> turns = ConcurrentHashMap.newKeySet();
    var clients = new Semaphore(CLIENTS);
    try (var sessions = Executors.newVirtualThreadPerTaskExecutor()) {
      var results =
          sessions.invokeAll(
              IntStream.range(0, SESSIONS)
                  .mapToObj(
                      number ->
                          (Callable<Void>)
                              () -> {
                                submitSession(number, first, second, clients, turns);
                                return null;
                              })
                  .toList());
      for (var result : results) {
        result.get();
      }
    }
    return turns;
  }

  private static void submitSession(
      int number,
      PackagedTurnout first,
      PackagedTurnout second,
      Semaphore clients,
      Set<String> turns)
      throws Exception {
    var random = new Random(number);
    for (int n = 1; n <= TURNS; n++) {
      var through = random.nextBoolean() ? first : second;
      clients.acquire();
      try {
        turns.add(
            through.submit("s" + number, "{\"input\":{\"text\":\"s%d %d\"}}".formatted(number, n)));
      } finally {
        clients.release();
      }
    }
  }

  private static void checkTraces(List<String> log) {
    Map<String, List<String>> bySession = new HashMap<>();
    Map<String, Set<String>> cliSessions = new HashMap<>();
    for (var line : log) {
      var words = line.split(" ", -1);
      bySession.computeIfAbsent(words[1], _ -> new ArrayList<>()).add(words[0] + " " + words[2]);
      if (words[0].equals("start")) {
        cliSessions.computeIfAbsent(words[1], _ -> new HashSet<>()).add(words[3]);
      }
    }
    var expected = new ArrayList<String>();
    for (int n = 1; n <= TURNS; n++) {
      expected.add("start " + n);
      expected.add("end " + n);
    }
    assertEquals(SESSIONS, bySession.size());
    bySession.forEach((session, traces) -> assertEquals(expected, traces, session));
    cliSessions.forEach((session, ids) -> assertEquals(1, ids.size(), session + " resumed " + ids));
  }
}
