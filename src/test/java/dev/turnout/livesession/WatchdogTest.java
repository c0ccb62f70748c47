package dev.turnout.livesession;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.process.ProcessStamp;
import dev.turnout.testing.Patience;
import dev.turnout.turn.BackendId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is done about turns that nobody ends, and about processes that do not end. */
@Timeout(120)
class WatchdogTest {
  @TempDir private Path data;

  /** Counts those who have outlived their end. */
  private static final class Count implements LiveObserver {
    private final AtomicInteger living = new AtomicInteger();

    @Override
    public void moved(BackendId backend, Optional<LiveState> from, LiveState to) {}

    @Override
    public void turn(BackendId backend, Got process) {}

    @Override
    public void survived(BackendId backend, int change) {
      living.addAndGet(change);
    }
  }

  @Test
  void whoOutlivesTheEndIsShownUntilItIsGone() throws IOException, InterruptedException {
    var sleeper = new ProcessBuilder("/bin/sleep", "300").start();
    var count = new Count();
    // No process outlives SIGKILL at will: another one is said to.
    Undertaker lies =
        (process, patience, grace) -> {
          process.end(patience, grace);
          return List.of(ProcessStamp.of(sleeper.pid()).orElseThrow());
        };
    try (var fake = new LiveFixture(data, count, lies, Duration.ofMinutes(1))) {
      fake.turn(1, "say hello");
      var id = fake.view(1).id();

      fake.live.sessions.close(id);

      assertEquals(List.of(sleeper.pid()), fake.view(1).survivors());
      assertEquals(1, count.living.get());
      // The next start tries again, if this one never sees the end of it.
      assertTrue(Files.exists(data.resolve("owners").resolve(id)));
      fake.live.sessions.lookAfter();
      assertEquals(1, count.living.get());
      sleeper.destroyForcibly().waitFor();
      fake.live.sessions.lookAfter();
      assertEquals(List.of(), fake.view(1).survivors());
      assertEquals(0, count.living.get());
    } finally {
      sleeper.destroyForcibly().waitFor();
    }
  }

  @Test
  void whoeverWasEndedLeavesNoSurvivor() {
    try (var fake = new LiveFixture(data)) {
      fake.turn(1, "fork");
      fake.live.sessions.close(fake.view(1).id());

      assertEquals(List.of(), fake.view(1).survivors());
      assertEquals(0, fake.leftovers());
    }
  }

  @Test
  void turnThatNobodyEndsIsEndedWithItsProcess() throws InterruptedException {
    var heard = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    var outcome = new AtomicReference<LiveTurnOutcome>();
    try (var fake =
        new LiveFixture(data, LiveObserver.NONE, Undertaker.SIGNALS, Duration.ofMillis(1))) {
      fake.onLine =
          () -> {
            heard.countDown();
            awaitUninterrupted(released);
          };
      var turn = Thread.ofVirtual().start(() -> outcome.set(fake.turn(1, "obey")));
      heard.await();
      long pid = fake.view(1).pid().orElseThrow();
      fake.live.sessions.lookAfter();
      assertEquals("busy", fake.view(1).state().code());

      fake.clock.advance(fake.limits.total().plus(fake.limits.grace()).plusMillis(1));
      Patience.await()
          .until(
              () -> {
                fake.live.sessions.lookAfter();
                return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
              });

      released.countDown();
      turn.join();
      assertEquals(new LiveTurnOutcome.ClosedUnder(CloseReason.STUCK), outcome.get());
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
