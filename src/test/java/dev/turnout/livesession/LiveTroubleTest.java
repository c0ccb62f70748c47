package dev.turnout.livesession;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
  private static final Duration SHORT = Duration.ofMillis(400);

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

  private void shortLimits() {
    fake.limits = new Limits(SHORT, SHORT, Duration.ofSeconds(30), Duration.ofMillis(100), 1 << 20);
  }

  /** What a process does in its second turn, the name of that, and why the process is closed. */
  private record Trouble(String turn, LiveTurnOutcome outcome, CloseReason why) {}

  @TestFactory
  Stream<DynamicTest> eachTroubleHasItsNameAndLeavesNothing() {
    var one = Optional.<ExitStatus>of(new ExitStatus.Exited(3));
    var zero = Optional.<ExitStatus>of(new ExitStatus.Exited(0));
    return Stream.of(
            new Trouble(
                "silent",
                new LiveTurnOutcome.TimedOut(Limit.FIRST_OUTPUT, SHORT, ""),
                CloseReason.DID_NOT_YIELD),
            new Trouble(
                "waits",
                new LiveTurnOutcome.TimedOut(
                    Limit.FIRST_OUTPUT, SHORT, "open this page to sign in\n"),
                CloseReason.DID_NOT_YIELD),
            new Trouble(
                "stubborn",
                new LiveTurnOutcome.TimedOut(Limit.FIRST_OUTPUT, SHORT, ""),
                CloseReason.DID_NOT_YIELD),
            new Trouble(
                "half",
                new LiveTurnOutcome.TimedOut(Limit.FIRST_OUTPUT, SHORT, ""),
                CloseReason.DID_NOT_YIELD),
            new Trouble("half-and-die", new LiveTurnOutcome.Died(zero, ""), CloseReason.CRASHED),
            new Trouble("die", new LiveTurnOutcome.Died(one, "it hurts\n"), CloseReason.CRASHED),
            new Trouble(
                "mute", new LiveTurnOutcome.Died(Optional.empty(), ""), CloseReason.CRASHED),
            new Trouble("flood", new LiveTurnOutcome.Flooded(1 << 20), CloseReason.FLOODED))
        .map(trouble -> dynamicTest(trouble.turn, () -> check(trouble)));
  }

  private void check(Trouble trouble) {
    try (var own = new LiveFixture(data)) {
      fake = own;
      assertEquals(new LiveTurnOutcome.Ended(), own.turn(1, "say first"));
      shortLimits();

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
    shortLimits();
    fake.script = "echo starting; sleep 300";

    assertEquals(
        new LiveTurnOutcome.TimedOut(Limit.FIRST_OUTPUT, SHORT, ""), fake.turn(1, "say hello"));

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
