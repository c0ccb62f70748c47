package dev.turnout.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The database that the package brings along, through all the ways in which things end. */
@Timeout(300)
class EmbeddedDatabaseIT {
  private static final String HELLO = "{\"input\":{\"text\":\"Hello!\"}}";

  /** What a start answers when another one has the directory. */
  private static final int TAKEN = 3;

  @TempDir private Path home;
  private Path data = Path.of("");

  @BeforeEach
  void makeDirectory() throws IOException {
    data = Files.createDirectories(home.resolve("data"));
  }

  /** A test that failed half way leaves a server in a directory that is about to go. */
  @AfterEach
  void endPostmaster() {
    postmaster().ifPresent(ProcessHandle::destroyForcibly);
  }

  private Optional<ProcessHandle> postmaster() {
    try {
      var pid = Files.readAllLines(data.resolve("postgres/postmaster.pid")).getFirst().strip();
      return ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void assertAnswered(PackagedTurnout turnout, String turn)
      throws IOException, InterruptedException {
    assertEquals("succeeded", turnout.awaitEnd(turn).path("state").asText());
  }

  @Test
  void aStopEndsItAndTheNextStartHasEverything() throws IOException, InterruptedException {
    String turn;
    try (var first = PackagedTurnout.startEmbedded(data)) {
      turn = first.submit("s", HELLO);
      assertAnswered(first, turn);
      first.stop();
    }
    assertEquals(Optional.empty(), postmaster());
    assertFalse(Files.exists(data.resolve("turnout.pid")));

    try (var second = PackagedTurnout.startEmbedded(data)) {
      assertAnswered(second, turn);
      second.stop();
    }
  }

  @Test
  void itOutlivesAKilledTurnoutAndTheNextStartTakesItsPlace()
      throws IOException, InterruptedException {
    String turn;
    try (var first = PackagedTurnout.startEmbedded(data)) {
      turn = first.submit("s", HELLO);
      first.kill();
    }
    assertTrue(postmaster().isPresent());

    try (var second = PackagedTurnout.startEmbedded(data)) {
      assertAnswered(second, turn);
      second.stop();
    }
    assertEquals(Optional.empty(), postmaster());
  }

  @Test
  void itIsStartedAgainWhenItIsKilled() throws IOException, InterruptedException {
    try (var turnout = PackagedTurnout.startEmbedded(data)) {
      var before = turnout.submit("s", HELLO);
      assertAnswered(turnout, before);

      postmaster().orElseThrow().destroyForcibly();

      Awaitility.await("accepts again")
          .atMost(Duration.ofMinutes(1))
          .until(() -> turnout.post("/v1/sessions/s/turns", HELLO).statusCode() == 202);
      assertAnswered(turnout, before);
      turnout.stop();
    }
  }

  @Test
  void aSecondStartOnItsDirectorySaysSoAndChangesNothing()
      throws IOException, InterruptedException {
    try (var first = PackagedTurnout.startEmbedded(data)) {
      var log = Files.createTempFile(home, "second-", ".txt");

      var second = PackagedTurnout.launch(data, Map.of(), log);

      assertEquals(TAKEN, second.waitFor());
      assertTrue(Files.readString(log).contains("another Turnout runs on"));
      assertAnswered(first, first.submit("s", HELLO));
      first.stop();
    }
  }
}
