package dev.turnout.livesession;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.settings.LiveSettings;
import dev.turnout.testing.Patience;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that wait for a session that nobody knows yet. */
@Timeout(120)
class WarmProcessesTest {
  private static final LiveTurnOutcome ENDED = new LiveTurnOutcome.Ended();

  @TempDir private Path data;
  private LiveFixture fake;

  @BeforeEach
  void open() {
    fake = new LiveFixture(data);
  }

  @AfterEach
  void nothingIsLeft() {
    fake.close();
    assertEquals(0, fake.leftovers(), "processes");
    assertEquals(List.of(), fake.live.ledger.owners());
  }

  private void keep(int warm) {
    fake.live.sessions.keepWarm(List.of(fake.order(warm)));
    fake.live.sessions.stockUp();
  }

  private static long pid(LiveView view) {
    return view.pid().orElseThrow();
  }

  @Test
  void firstTurnOfASessionFindsAProcessThatIsReady() {
    keep(1);
    var waiting = fake.in("warm").getFirst();

    assertEquals(ENDED, fake.firstTurn(7, "pid"));

    assertEquals(List.of(Long.toString(pid(waiting))), fake.heard);
    assertEquals(List.of("warm"), fake.servedBy);
    assertEquals(List.of(7L), fake.adopted);
    assertEquals(List.of(), fake.in("warm"));
    assertEquals(waiting.id(), fake.view(7).id());
    assertEquals(ENDED, fake.turn(7, "say more"));
    assertEquals(List.of("kept"), fake.servedBy);
    fake.live.sessions.stockUp();
    assertEquals(1, fake.in("warm").size());
  }

  @Test
  void oneProcessGoesToOneSession() {
    keep(1);

    fake.firstTurn(1, "pid");
    var first = fake.heard;
    fake.firstTurn(2, "pid");

    assertFalse(first.equals(fake.heard));
    assertEquals(List.of("started"), fake.servedBy);
    assertEquals(List.of(1L), fake.adopted);
  }

  @Test
  void oneThatASessionCannotHaveWaitsForAnother() {
    keep(1);
    var waiting = fake.in("warm").getFirst();
    var adoption = fake.adoption;
    fake.adoption =
        (_, _) -> {
          throw new FileAlreadyExistsException("the session has places");
        };
    fake.firstTurn(1, "pid");
    assertEquals(List.of("started"), fake.servedBy);

    fake.adoption = adoption;
    fake.firstTurn(2, "pid");

    assertEquals(List.of(Long.toString(pid(waiting))), fake.heard);
  }

  /** Nobody knows how far it came: what it works in may be the first session's by now. */
  @Test
  void oneThatWasHandedOverByHalfGoesToNobody() {
    keep(1);
    var waiting = fake.in("warm").getFirst();
    fake.adoption =
        (_, _) -> {
          throw new IOException("no space left");
        };

    assertEquals(ENDED, fake.firstTurn(1, "pid"));

    assertEquals(List.of("started"), fake.servedBy);
    assertEquals(List.of(), fake.in("warm"));
    Patience.await()
        .until(() -> ProcessHandle.of(pid(waiting)).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void theyCountInTheCapacityAndMakeRoomFirst() {
    fake.settings = new LiveSettings(true, Duration.ofHours(1), Duration.ofHours(6), 200, 2);
    fake.turn(1, "say hello");
    keep(2);
    assertEquals(1, fake.in("warm").size());
    fake.started = Map.of("model", "another");

    assertEquals(ENDED, fake.turn(2, "say hello"));

    assertEquals(List.of(), fake.in("warm"));
    assertEquals(2, fake.in("ready").size());
    fake.live.sessions.stockUp();
    assertEquals(List.of(), fake.in("warm"));
  }

  @Test
  void whatNobodyWantsAnyMoreEnds() {
    keep(2);
    long pid = pid(fake.in("warm").getFirst());
    fake.started = Map.of("model", "another");

    keep(1);

    assertTrue(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    var waiting = fake.in("warm");
    assertEquals(1, waiting.size());
    assertEquals("another", waiting.getFirst().fingerprint().get("model"));
    fake.live.sessions.keepWarm(List.of());
    fake.live.sessions.stockUp();
    assertEquals(List.of(), fake.in("warm"));
  }

  @Test
  void oneThatIsNotReadyIsEndedAndNotTriedAgainAtOnce() throws IOException {
    var starts = data.resolve("starts");
    fake.script = "echo x >> " + starts + "; exit 1";

    keep(2);
    fake.live.sessions.stockUp();

    assertEquals(1, Files.readAllLines(starts).size());
    assertEquals(
        List.of(new LiveState.Closed(CloseReason.NEVER_READY, fake.clock.instant())),
        fake.live.sessions.list().stream().map(LiveView::state).toList());
  }

  @Test
  void oneThatDiedIsReplaced() {
    keep(1);
    var first = fake.in("warm").getFirst();
    ProcessHandle.of(pid(first)).orElseThrow().destroyForcibly();
    Patience.await()
        .until(() -> ProcessHandle.of(pid(first)).filter(ProcessHandle::isAlive).isEmpty());

    fake.live.sessions.lookAfter();
    fake.live.sessions.stockUp();

    assertEquals(1, fake.in("warm").size());
    assertFalse(fake.in("warm").getFirst().id().equals(first.id()));
    assertEquals(ENDED, fake.firstTurn(1, "say hello"));
  }

  /** As the application has it: nobody calls the rounds. */
  @Test
  void stockIsRefilledBesideTheTurns() {
    fake.live.sessions.start();
    fake.live.sessions.keepWarm(List.of(fake.order(1)));
    Patience.await().until(() -> ready() == 1);

    assertEquals(ENDED, fake.firstTurn(1, "say hello"));

    assertEquals(List.of("warm"), fake.servedBy);
    Patience.await().until(() -> ready() == 1);
  }

  private long ready() {
    return fake.in("warm").stream()
        .filter(view -> view.state() instanceof LiveState.Warm(var greeted, _) && greeted)
        .count();
  }
}
