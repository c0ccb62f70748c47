package dev.turnout.livesession;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.process.LivingProcess;
import dev.turnout.process.SubprocessSpec;
import dev.turnout.process.SubprocessSpec.Limits;
import dev.turnout.process.SubprocessSpec.Owner;
import dev.turnout.process.Subprocesses;
import dev.turnout.process.Subprocesses.StartResult;
import dev.turnout.settings.LiveSettings;
import dev.turnout.testing.Patience;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that take their time to end, and ends that fail. */
@Timeout(120)
class LiveEndsTest {
  @TempDir private Path data;

  private LiveFixture fixture(Undertaker undertaker) {
    return new LiveFixture(data, LiveObserver.NONE, undertaker, Duration.ofMinutes(1));
  }

  @Test
  void thoseWhoseTimeIsOverEndTogetherAndNobodyWaits() throws IOException {
    int many = 3;
    var ending = new CountDownLatch(many);
    var waiting = new CountDownLatch(1);
    Undertaker slow =
        (process, patience, grace) -> {
          ending.countDown();
          await(waiting, Duration.ofSeconds(60));
          return Undertaker.SIGNALS.end(process, Duration.ZERO, grace);
        };
    try (var fake = fixture(slow)) {
      for (int session = 1; session <= many; session++) {
        fake.turn(session, "say hello");
      }
      fake.clock.advance(fake.settings.idleClose());

      fake.live.sessions.lookAfter();

      assertTrue(await(ending, Duration.ofSeconds(30)), "one is waited for");
      assertEquals(many, fake.in("closed").size());
      waiting.countDown();
      Patience.await().until(() -> fake.live.ledger.owners().isEmpty());
      assertEquals(List.of(), records());
    }
  }

  @Test
  void anEndThatFailsKeepsNoOtherFromEnding() throws IOException {
    var failed = new AtomicInteger();
    Undertaker first =
        (process, patience, grace) -> {
          var left = Undertaker.SIGNALS.end(process, Duration.ZERO, grace);
          if (failed.getAndIncrement() == 0) {
            throw new IllegalStateException("a defect");
          }
          return left;
        };
    try (var fake = fixture(first)) {
      fake.turn(1, "say hello");
      fake.turn(2, "say hello");
      fake.clock.advance(fake.settings.idleClose());

      fake.live.sessions.lookAfter();

      Patience.await().until(() -> fake.live.ledger.owners().isEmpty());
      assertEquals(2, fake.in("closed").size());
      // Nobody has seen that nothing of it lives: the next start looks again.
      assertEquals(1, records().size());
      assertEquals(new LiveTurnOutcome.Ended(), fake.turn(1, "say more"));
    }
  }

  private List<Path> records() throws IOException {
    try (var files = Files.list(data.resolve("owners"))) {
      return files.toList();
    }
  }

  private static boolean await(CountDownLatch latch, Duration atMost) {
    try {
      return latch.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** An idle process that heeds neither the end of its stdin nor a signal gets its grace twice. */
  @Test
  void whatIsEndedIsGoneWhenTheEndReturnsHoweverLongItsGrace() throws IOException {
    var grace = Duration.ofSeconds(2);
    var rest = Duration.ofSeconds(3);
    var limits =
        new Limits(
            Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(30), grace, 1 << 20);
    var ledger = new OwnerLedger(data.toString(), Clock.systemUTC());
    var table = new LiveTable(Clock.systemUTC(), LiveObserver.NONE);
    var ended = new AtomicBoolean();
    Undertaker slow =
        (process, patience, more) -> {
          var _ = await(new CountDownLatch(1), patience.plus(more));
          var left = Undertaker.SIGNALS.end(process, Duration.ZERO, more);
          ended.set(true);
          return left;
        };
    var ends = new LiveEnds(table, new Survivors(LiveObserver.NONE), slow, rest);
    var session = idle(table, ledger.open("live"), limits);

    ends.end(session, CloseReason.CLOSED_BY_ADMIN);

    assertTrue(ended.get());
    assertEquals(Map.of(), table.sessions);
    assertEquals(List.of(), ledger.owners());
  }

  private LiveSession idle(LiveTable table, Belongings belongings, Limits limits) {
    var turn = new TurnId(UUID.randomUUID());
    var request =
        new LiveRequest(
            new LiveKey(new BackendId("fake"), new SessionId(1)),
            turn,
            Fingerprint.of(Map.of()),
            Optional.empty(),
            new LiveSettings(true, Duration.ofMinutes(10), Duration.ofHours(6), 200, 16),
            limits,
            _ -> {
              throw new IOException("it runs already");
            });
    var session = new LiveSession(request, belongings, table.now());
    session.started(sleeper(belongings.owner(), limits), List.of());
    table.lock.lock();
    try {
      table.add(session);
      table.change(session, new LiveState.Event.BecameReady());
      table.change(session, new LiveState.Event.Finished());
    } finally {
      table.lock.unlock();
    }
    assertTrue(session.waits());
    return session;
  }

  private LivingProcess sleeper(String owner, Limits limits) {
    var spec =
        new SubprocessSpec(
            List.of("/bin/sleep", "300"),
            Map.of("PATH", "/usr/bin:/bin"),
            data,
            "",
            new Owner(data.toString(), owner),
            limits);
    var started = new Subprocesses().startLiving(spec);
    return assertInstanceOf(StartResult.Started.class, started).process();
  }
}
