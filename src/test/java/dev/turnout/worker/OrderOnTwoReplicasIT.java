package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.TestDatabase;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many sessions over two replicas on one database. */
@Timeout(180)
class OrderOnTwoReplicasIT {
  private static final int SESSIONS = 200;
  private static final int TURNS = 20;

  @Test
  void everySessionKeepsItsOrderAndNothingOverlaps() throws InterruptedException {
    var backend = new ScriptedBackend(); // One for both, so that it sees overlaps between them.
    var settings =
        TestSettings.settings(
            List.of(TestSettings.candidate("cli", "p")), 24, TestSettings.cli("cli", "unused"));
    var random = new Random(7);
    try (var database = TestDatabase.migrated();
        var first = new WorkerFixture(database, backend, settings).start(Duration.ofMinutes(1));
        var second = new WorkerFixture(database, backend, settings).start(Duration.ofMinutes(1))) {
      var turns = new ArrayList<TurnId>();
      var sessions = new ArrayList<dev.turnout.turn.SessionId>();
      for (int i = 0; i < SESSIONS; i++) {
        sessions.add(first.q.session("s" + i));
      }
      for (int n = 0; n < TURNS; n++) {
        for (var session : sessions) {
          var through = random.nextBoolean() ? first : second;
          var turn = through.q.turn(session, "pause " + random.nextInt(8) + ";turn " + n);
          turns.add(through.submit(turn));
        }
      }
      for (var turn : turns) {
        first.await(turn, TurnState.SUCCEEDED);
      }

      assertEquals(List.of(), backend.overlaps);
      var next = new HashMap<Long, Integer>();
      for (var request : backend.requests) {
        int expected = next.merge(request.session().value(), 1, Integer::sum) - 1;
        assertTrue(request.prompt().endsWith("turn " + expected), request.prompt());
      }
      assertEquals(SESSIONS * TURNS, backend.requests.size());
      assertEquals(List.of(), first.q.violations());
    }
  }
}
