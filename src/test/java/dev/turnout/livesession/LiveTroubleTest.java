package dev.turnout.livesession;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.turnout.process.ExitStatus;
import dev.turnout.process.RunOutcome.TimedOut.Limit;
import dev.turnout.process.SubprocessSpec.Limits;
import dev.turnout.settings.LiveSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that misbehave: each has its name, and leaves nothing. */
@Timeout(120)
class LiveTroubleTest {
  /** Where nothing has to be heard before it is over. */
  private static final Duration SHORT = Duration.ofMillis(400);

  /** Where something has to be said and heard before it is over, on a busy machine too. */
  private static final Duration ENOUGH = Duration.ofSeconds(5);

  /** Where something else ends the turn. */
  private static final Duration NEVER = Duration.ofSeconds(60);

  @TempDir private Path data;
  private LiveFixture fake;

  @BeforeEach
  void open() {
    fake = new LiveFixture(data);
  }

  @AfterEach
  void close() {
    fake.close();
    assertEquals(0, fake.leftovers());
  }

  /** How long the first output and those after it may take. */
  private void limits(Duration silence) {
    fake.limits =
        new Limits(silence, silence, Duration.ofSeconds(90), Duration.ofMillis(100), 1 << 20);
  }

  /**
   * What a process does in its second turn, the name of that, and why the process is closed.
   *
   * @param silence as of {@link #limits}
   */
  private record Trouble(String turn, Duration silence, LiveTurnOutcome outcome, CloseReason why) {
    /** Goes on until the limit, and what it says until then is no more than this. */
    static Trouble late(String turn, Duration limit, String stderr) {
      return new Trouble(
          turn,
          limit,
          new LiveTurnOutcome.TimedOut(Limit.FIRST_OUTPUT, limit, stderr),
          CloseReason.DID_NOT_YIELD);
    }

    /** Is noticed, however long that takes on a busy machine. */
    static Trouble noticed(String turn, LiveTurnOutcome outcome, CloseReason why) {
      return new Trouble(turn, NEVER, outcome, why);
    }
  }

  @TestFactory
  Stream<DynamicTest> eachTroubleHasItsNameAndLeavesNothing() {
    var one = Optional.<ExitStatus>of(new ExitStatus.Exited(3));
    var zero = Optional.<ExitStatus>of(new ExitStatus.Exited(0));
    return Stream.of(
            Trouble.late("silent", SHORT, ""),
            Trouble.late("waits", ENOUGH, "open this page to sign in\n"),
            Trouble.late("stubborn", SHORT, ""),
            Trouble.late("half", SHORT, ""),
            Trouble.noticed(
                "half-and-die", new LiveTurnOutcome.Died(zero, ""), CloseReason.CRASHED),
            Trouble.noticed(
                "die", new LiveTurnOutcome.Died(one, "it hurts\n"), CloseReason.CRASHED),
            Trouble.noticed(
                "mute", new LiveTurnOutcome.Died(Optional.empty(), ""), CloseReason.CRASHED),
            Trouble.noticed("flood", new LiveTurnOutcome.Flooded(1 << 20), CloseReason.FLOODED))
        .map(trouble -> dynamicTest(trouble.turn, () -> check(trouble)));
  }

  private void check(Trouble trouble) {
    try (var own = new LiveFixture(data)) {
      fake = own;
      assertEquals(new LiveTurnOutcome.Ended(), own.turn(1, "say first"));
      limits(trouble.silence);

      assertEquals(trouble.outcome, own.turn(1, trouble.turn));

      assertEquals(0, own.leftovers(), "processes");
      assertEquals(List.of(), own.live.ledger.owners());
      var closed = assertInstanceOf(LiveState.Closed.class, own.view(1).state());
      assertEquals(trouble.why, closed.why());
      // And the session goes on.
      own.limits = new LiveFixture(data).limits;
      assertEquals(new LiveTurnOutcome.Ended(), own.turn(1, "say next"));
      assertEquals(List.of("next"), own.heard);
    }
  }

  @Test
  void whatIsNotUtf8IsReplaced() {
    assertEquals(new LiveTurnOutcome.Ended(), fake.turn(1, "bytes"));

    assertEquals(List.of("\ufffd\ufffd x"), fake.heard);
  }

  @Test
  void aProcessThatNeverBecomesReadyIsNamedSo() {
    limits(ENOUGH);
    fake.script = "echo starting; sleep 300";

    assertEquals(
        new LiveTurnOutcome.TimedOut(Limit.FIRST_OUTPUT, ENOUGH, ""), fake.turn(1, "say hello"));

    assertEquals(List.of("early starting"), fake.heard);
    var closed = assertInstanceOf(LiveState.Closed.class, fake.view(1).state());
    assertEquals(CloseReason.NEVER_READY, closed.why());
  }

  @Test
  void aProcessThatEndsBeforeItIsReadySaysWhy() {
    fake.script = "echo 'no such session' >&2; exit 1";

    var outcome = fake.turn(1, "say hello");

    assertEquals(
        new LiveTurnOutcome.Died(Optional.of(new ExitStatus.Exited(1)), "no such session\n"),
        outcome);
  }

  @Test
  void whoeverBreaksWhileItListensLosesTheProcessAndNotThePlace() {
    fake.settings = new LiveSettings(true, Duration.ofMinutes(10), Duration.ofHours(6), 200, 1);
    fake.onLine =
        () -> {
          throw new LinkageError("in test");
        };

    assertThrows(LinkageError.class, () -> fake.turn(1, "say hello"));

    var closed = assertInstanceOf(LiveState.Closed.class, fake.view(1).state());
    assertEquals(CloseReason.OUT_OF_STEP, closed.why());
    assertEquals(0, fake.leftovers());
    fake.onLine = () -> {};
    assertEquals(new LiveTurnOutcome.Ended(), fake.turn(2, "say hello"));
  }

  @Test
  void aHundredProcessesLeaveNoFileAndNoThreadBehind() {
    fake.settings = new LiveSettings(true, Duration.ofMinutes(10), Duration.ofHours(6), 1, 16);
    fake.turn(1, "say warm");
    long files = openFiles();
    for (int i = 0; i < 100; i++) {
      assertEquals(new LiveTurnOutcome.Ended(), fake.turn(1, "say " + i));
    }
    fake.close();

    assertTrue(openFiles() <= files + 5, () -> files + " open files became " + openFiles());
    assertEquals(0, liveThreads());
  }

  private static long openFiles() {
    var names = Path.of("/proc/self/fd").toFile().list();
    return names == null ? 0 : names.length;
  }

  private static long liveThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("live-") && thread.isAlive())
        .count();
  }

  /** As after a kill -9: the ledger's pages are there, and nobody who would close them. */
  @Test
  void nextStartFindsLivingProcessesAndTheirFiles() {
    fake.turn(1, "say hello");
    var pid = fake.view(1).pid().orElseThrow();
    var config = Path.of(fake.view(1).argv().getLast());
    assertTrue(Files.exists(config));

    var swept = new LiveFixture(data).live.ledger.sweep();

    assertEquals(1, swept.owners());
    assertEquals(1, swept.processes());
    assertTrue(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    assertTrue(Files.notExists(config));
  }
}
