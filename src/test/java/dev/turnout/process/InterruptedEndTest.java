package dev.turnout.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.process.SubprocessSpec.Limits;
import dev.turnout.process.SubprocessSpec.Owner;
import dev.turnout.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever ends a process may be interrupted. What it ends has a child that only its mark shows: it
 * has left the group, and its parent is gone.
 */
@Timeout(60)
class InterruptedEndTest {
  /** Says so in a file when it is asked to end, and does as soon as another one is there. */
  private static final String SLOW =
      """
      (setsid sh -c 'trap "" TERM; touch orphan; while :; do sleep 1; done' >/dev/null 2>&1 &)
      trap 'touch asked; until [ -e go ]; do sleep 0.02; done; exit 0' TERM
      until [ -e orphan ]; do sleep 0.02; done
      echo up
      while :; do sleep 0.05; done
      """;

  /** Long enough to be interrupted in, on a busy machine too. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private final String instance = "test-" + UUID.randomUUID();

  @BeforeEach
  void marksAreFound() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "marks are found on Linux only");
  }

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, Leftovers.endAll(instance));
  }

  private SubprocessSpec slow() {
    var minute = Duration.ofMinutes(1);
    return new SubprocessSpec(
        List.of("/bin/sh", "-c", SLOW),
        Map.of("PATH", "/usr/bin:/bin"),
        directory,
        "",
        new Owner(instance, "run"),
        new Limits(minute, minute, minute, GRACE, 1 << 20));
  }

  private void letGo() throws IOException {
    Files.createFile(directory.resolve("go"));
  }

  private LivingProcess living() throws InterruptedException {
    var started = new Subprocesses().startLiving(slow());
    var process = assertInstanceOf(Subprocesses.StartResult.Started.class, started).process();
    while (process.await(_ -> true, Duration.ofMillis(100)) == LivingProcess.Progress.QUIET) {
      Thread.onSpinWait();
    }
    return process;
  }

  private void awaitAsked() {
    Patience.await().atMost(GRACE).until(() -> Files.exists(directory.resolve("asked")));
  }

  @Test
  void anInterruptDuringTheGraceSparesNobody() throws Exception {
    var process = living();
    var interrupted = new AtomicBoolean();
    var survivors = new AtomicReference<List<ProcessStamp>>();
    var ending =
        Thread.ofVirtual()
            .start(
                () -> {
                  process.end(Duration.ZERO, GRACE);
                  interrupted.set(Thread.currentThread().isInterrupted());
                  survivors.set(process.survivors());
                });
    awaitAsked();

    ending.interrupt();
    letGo();
    ending.join();

    nothingIsLeft();
    assertEquals(List.of(), survivors.get());
    assertTrue(interrupted.get(), "who interrupted is heard afterwards");
  }

  @Test
  void survivorsAreSeenByWhoeverIsInterrupted() throws InterruptedException {
    var process = living();
    try {
      Thread.currentThread().interrupt();

      var survivors = process.survivors();

      assertTrue(Thread.interrupted());
      // Itself, the orphan, and what each of the two sleeps with.
      assertTrue(survivors.size() > 1, survivors::toString);
      assertTrue(survivors.contains(process.stamp()));
    } finally {
      process.end(Duration.ZERO, Duration.ZERO);
    }
  }

  @Test
  void aRunThatIsInterruptedTwiceLeavesNobody() throws Exception {
    var up = new CountDownLatch(1);
    var outcome = new AtomicReference<RunOutcome>();
    var interrupted = new AtomicBoolean();
    var run =
        Thread.ofVirtual()
            .start(
                () -> {
                  outcome.set(
                      new Subprocesses()
                          .run(
                              slow(),
                              _ -> {
                                up.countDown();
                                return true;
                              }));
                  interrupted.set(Thread.currentThread().isInterrupted());
                });
    up.await();
    run.interrupt();
    awaitAsked();

    run.interrupt();
    letGo();
    run.join();

    nothingIsLeft();
    assertEquals(new RunOutcome.Interrupted(), outcome.get());
    assertTrue(interrupted.get());
  }

  /** The flag is set before anybody begins to end anything. */
  @Test
  void aListenerThatEndsTheRunWithAnInterruptSetLeavesNobody() throws IOException {
    letGo();
    var outcome =
        new Subprocesses()
            .run(
                slow(),
                _ -> {
                  Thread.currentThread().interrupt();
                  return false;
                });

    assertTrue(Thread.interrupted());
    nothingIsLeft();
    assertInstanceOf(RunOutcome.Stopped.class, outcome);
  }
}
