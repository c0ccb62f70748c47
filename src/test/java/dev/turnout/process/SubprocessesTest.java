package dev.turnout.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.process.RunOutcome.TimedOut.Limit;
import dev.turnout.process.SubprocessSpec.Limits;
import dev.turnout.process.SubprocessSpec.Owner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that behave badly. After each of them nothing with their mark is left. */
@Timeout(60)
class SubprocessesTest {
  private static final Limits LIMITS =
      new Limits(
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          Duration.ofMillis(200),
          1 << 20);

  @TempDir private Path directory;
  private final String instance = "test-" + UUID.randomUUID();
  private final List<String> lines = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    assertEquals(List.of(), MarkedProcesses.withMark(instance + "/"));
  }

  private RunOutcome sh(String script, Limits limits, String stdin) {
    return run(List.of("/bin/sh", "-c", script), limits, stdin);
  }

  private RunOutcome sh(String script) {
    return sh(script, LIMITS, "");
  }

  private RunOutcome run(List<String> argv, Limits limits, String stdin) {
    var spec =
        new SubprocessSpec(
            argv,
            Map.of("PATH", "/usr/bin:/bin"),
            directory,
            stdin,
            new Owner(instance, "run"),
            limits);
    return new Subprocesses()
        .run(
            spec,
            line -> {
              lines.add(line);
              return !line.equals("enough");
            });
  }

  private static Limits limits(long first, long idle, long total) {
    return new Limits(
        Duration.ofMillis(first),
        Duration.ofMillis(idle),
        Duration.ofMillis(total),
        Duration.ofMillis(200),
        1 << 20);
  }

  @Test
  void linesComeInOrderAndTheExitCodeIsTold() {
    var ended = assertInstanceOf(RunOutcome.Ended.class, sh("echo one; echo two; exit 7"));

    assertEquals(new ExitStatus.Exited(7), ended.status());
    assertEquals(List.of("one", "two"), lines);
  }

  @Test
  void aLastLineWithoutABreakCounts() {
    sh("printf 'whole\\r\\nhalf'");

    assertEquals(List.of("whole", "half"), lines);
  }

  @Test
  void theEnvironmentIsWhatTheSpecSaysAndTheMark() {
    sh("env | grep -v -e '^PWD=' -e '^_=' -e '^SHLVL=' | sort");

    assertEquals(List.of("PATH=/usr/bin:/bin", Owner.VARIABLE + "=" + instance + "/run"), lines);
  }

  @Test
  void anUnknownProgramIsNotStarted() {
    var outcome = run(List.of("no-such-program"), LIMITS, "");

    assertEquals("not found on the PATH", ((RunOutcome.NotStarted) outcome).message());
  }

  @Test
  void aMissingWorkingDirectoryIsNamed() {
    directory = directory.resolve("gone");

    var outcome = assertInstanceOf(RunOutcome.NotStarted.class, sh("true"));

    assertTrue(outcome.message().contains("gone"), outcome.message());
  }

  @Test
  void silenceFromTheStartRunsIntoTheFirstOutputLimit() {
    var outcome = sh("sleep 60", limits(100, 20_000, 30_000), "");

    assertEquals(Limit.FIRST_OUTPUT, ((RunOutcome.TimedOut) outcome).limit());
  }

  @Test
  void silenceAfterOutputRunsIntoTheIdleLimit() {
    var outcome = sh("echo hi; sleep 60", limits(20_000, 200, 30_000), "");

    assertEquals(Limit.IDLE, ((RunOutcome.TimedOut) outcome).limit());
  }

  @Test
  void endlessOutputRunsIntoTheTotalLimit() {
    var outcome = sh("while :; do echo tick; sleep 0.02; done", limits(20_000, 20_000, 300), "");

    assertEquals(Limit.TOTAL, ((RunOutcome.TimedOut) outcome).limit());
  }

  @Test
  void aProcessThatIgnoresTermIsKilled() {
    var outcome =
        sh("trap '' TERM; echo hi; while :; do sleep 1; done", limits(20_000, 100, 30_000), "");

    assertInstanceOf(RunOutcome.TimedOut.class, outcome);
  }

  @Test
  void aForkedChildThatIgnoresTermIsGoneWithItsParent() {
    sh("(trap '' TERM; while :; do sleep 1; done) >/dev/null 2>&1 & echo started");

    assertEquals(List.of("started"), lines);
  }

  /** More than once: it may be found in the middle of becoming another program. */
  @RepeatedTest(30)
  void aChildInASessionOfItsOwnIsGoneToo() {
    sh("setsid sh -c 'trap \"\" TERM; while :; do sleep 1; done' >/dev/null 2>&1 & echo started");

    assertEquals(List.of("started"), lines);
  }

  @Test
  void aGrandchildThatHoldsStdoutDoesNotHoldTheRun() {
    var outcome = sh("sleep 60 & echo started");

    assertEquals(new ExitStatus.Exited(0), ((RunOutcome.Ended) outcome).status());
  }

  @Test
  void aFloodIsEndedAtItsLimit() {
    var outcome = sh("head -c 100000000 /dev/zero | tr '\\0' 'x'");

    assertEquals(new RunOutcome.Flooded(1 << 20), outcome);
  }

  /** One line of 100 MB, in a heap of 64 MB. */
  @Test
  void aFloodTakesNoMoreMemoryThanItsLimit() {
    var outcome =
        run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                // Surefire itself starts with a jar that only names the others.
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                FloodInSmallHeap.class.getName(),
                instance),
            LIMITS,
            "");

    assertEquals(
        List.of(new RunOutcome.Flooded(FloodInSmallHeap.LIMIT).toString()), lines, "" + outcome);
  }

  @Test
  void aFloodOfStderrIsEndedToo() {
    var outcome = sh("head -c 100000000 /dev/zero >&2; sleep 20");

    assertEquals(new RunOutcome.Flooded(1 << 20), outcome);
  }

  @Test
  void aClosedStdoutWithoutAnEndIsNotWaitedForForEver() {
    var outcome = sh("echo bye; exec >&-; sleep 60", limits(20_000, 300, 30_000), "");

    assertInstanceOf(RunOutcome.WentSilent.class, outcome);
  }

  @Test
  void aProcessThatNeverReadsABigStdinStillEnds() {
    var outcome = sh("echo done", LIMITS, "x".repeat(4 << 20));

    assertEquals(new ExitStatus.Exited(0), ((RunOutcome.Ended) outcome).status());
  }

  @Test
  void stdinArrivesWhole() {
    sh("wc -c | tr -d ' '", LIMITS, "é".repeat(1 << 20));

    assertEquals(List.of(Integer.toString(2 << 20)), lines);
  }

  @Test
  void invalidUtf8BecomesTheReplacementCharacter() {
    sh("printf 'a\\377b\\303\\251\\n'");

    assertEquals(List.of("a\uFFFDb\u00e9"), lines);
  }

  @Test
  void theListenerMayEndTheProcess() {
    var outcome = sh("echo enough; sleep 60");

    assertInstanceOf(RunOutcome.Stopped.class, outcome);
  }

  private RunOutcome runFor(OutputListener listener) {
    var spec =
        new SubprocessSpec(
            List.of("/bin/sh", "-c", "echo up; sleep 60"),
            Map.of("PATH", "/usr/bin:/bin"),
            directory,
            "",
            new Owner(instance, "run"),
            LIMITS);
    return new Subprocesses().run(spec, listener);
  }

  /** Whatever it is; that nothing is left is seen afterwards. */
  @Test
  void aListenerThatBreaksEndsTheProcess() {
    OutputListener breaksAtOnce =
        new OutputListener() {
          @Override
          public void started(ProcessStamp process) {
            throw new LinkageError("at once");
          }

          @Override
          public boolean line(String line) {
            return true;
          }
        };
    OutputListener breaksAtALine =
        _ -> {
          throw new LinkageError("at a line");
        };

    assertThrows(LinkageError.class, () -> runFor(breaksAtOnce));
    nothingIsLeft();
    assertThrows(LinkageError.class, () -> runFor(breaksAtALine));
  }

  @Test
  void stderrIsKeptAsItsTail() {
    var ended = (RunOutcome.Ended) sh("head -c 50000 /dev/zero | tr '\\0' x >&2; echo last >&2");

    assertTrue(ended.stderrTail().endsWith("xlast\n"), "the end of stderr");
    assertEquals(8 * 1024, ended.stderrTail().length());
  }

  @Test
  void anInterruptEndsTheProcessAndStaysSet() throws InterruptedException {
    var running = new CountDownLatch(1);
    var outcome = new AtomicReference<RunOutcome>();
    var interrupted = new AtomicBoolean();
    var thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  var spec =
                      new SubprocessSpec(
                          List.of("/bin/sh", "-c", "echo up; sleep 60"),
                          Map.of("PATH", "/usr/bin:/bin"),
                          directory,
                          "",
                          new Owner(instance, "run"),
                          LIMITS);
                  outcome.set(
                      new Subprocesses()
                          .run(
                              spec,
                              _ -> {
                                running.countDown();
                                return true;
                              }));
                  interrupted.set(Thread.currentThread().isInterrupted());
                });
    running.await();

    thread.interrupt();
    thread.join();

    assertInstanceOf(RunOutcome.Interrupted.class, outcome.get());
    assertTrue(interrupted.get());
  }

  @Test
  void leftoversOfADeadInstanceAreFoundByTheirMark() throws Exception {
    var builder = new ProcessBuilder("/bin/sh", "-c", "setsid sleep 60 & wait");
    builder.environment().put(Owner.VARIABLE, instance + "/lost");
    var lost = builder.start();
    while (MarkedProcesses.withMark(instance + "/").size() < 2) {
      Thread.onSpinWait();
    }

    assertTrue(Leftovers.endAll(instance) >= 2);

    assertEquals(137, lost.waitFor());
  }

  @Test
  void aHundredRunsLeaveNoFileOpen() {
    sh("true");
    long files = openFiles();
    for (int i = 0; i < 100; i++) {
      sh("echo " + i + "; echo err >&2");
    }

    assertTrue(openFiles() <= files + 5, () -> files + " open files became " + openFiles());
  }

  private static long openFiles() {
    var names = Path.of("/proc/self/fd").toFile().list();
    return names == null ? 0 : names.length;
  }
}
