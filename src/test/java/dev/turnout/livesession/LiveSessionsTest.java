package dev.turnout.livesession;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.process.SubprocessSpec.Limits;
import dev.turnout.settings.LiveSettings;
import dev.turnout.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The life of processes that serve more than one turn. */
@Timeout(120)
class LiveSessionsTest {
  private static final LiveTurnOutcome ENDED = new LiveTurnOutcome.Ended();

  @TempDir private Path data;
  private LiveFixture fake;

  @BeforeEach
  void open() {
    fake = new LiveFixture(data);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    fake.close();
    assertEquals(0, fake.leftovers(), "processes");
    assertEquals(List.of(), fake.live.ledger.owners());
    try (var files = Files.list(data.resolve("owners"))) {
      assertEquals(List.of(), files.toList());
    }
    try (var files = Files.list(data)) {
      var left = files.filter(file -> file.getFileName().toString().startsWith("start-")).toList();
      assertEquals(List.of(), left);
    }
  }

  private static LiveSettings settings(int maxTurns, int capacity) {
    return new LiveSettings(true, Duration.ofMinutes(10), Duration.ofHours(6), maxTurns, capacity);
  }

  private CloseReason whyClosed(long session) {
    return fake.live.sessions.list().stream()
        .filter(view -> view.key().session().value() == session)
        .map(LiveView::state)
        .filter(LiveState.Closed.class::isInstance)
        .map(state -> ((LiveState.Closed) state).why())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void oneProcessServesTurnAfterTurn() {
    var pid = fake.pid(1);

    assertEquals(pid, fake.pid(1));
    assertEquals(ENDED, fake.turn(1, "say hello"));
    assertEquals(List.of("hello"), fake.heard);
    var view = fake.view(1);
    assertEquals(Optional.of(Long.valueOf(pid)), view.pid());
    assertEquals(3, view.turns());
    assertEquals("ready", view.state().code());
    assertTrue(view.resources().stream().anyMatch(r -> r.kind() == ResourceKind.MCP_CONFIG));
  }

  @Test
  void aSecondResultBelongsToNobody() {
    fake.turn(1, "twice");
    assertEquals(List.of("one"), fake.heard);

    fake.turn(1, "say mine");

    assertEquals(List.of("mine"), fake.heard);
  }

  /** The bundled MCP configuration must be there for as long as a process that names it runs. */
  @Test
  void filesInTheArgumentsExistWhileTheirProcessRunsThroughTenRespawns() throws Exception {
    fake.settings = settings(5, 16);
    var pids = new HashSet<String>();
    for (int turn = 0; turn < 50; turn++) {
      assertEquals(ENDED, fake.turn(1, "args"), "turn " + turn);
      var named = Path.of(fake.heard.getFirst());
      if (turn % 5 != 4) {
        // It waits for its next turn; after the fifth it is on its way out.
        assertTrue(Files.exists(named), "after turn " + turn);
        var pid = fake.view(1).pid().orElseThrow();
        pids.add(pid.toString());
        var argv = Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        assertTrue(argv.contains(named.toString()), argv);
      }
    }

    assertEquals(10, pids.size());
  }

  @Test
  void whatChangedDuringATurnReplacesTheProcessAfterIt() throws Exception {
    var pid = fake.pid(1);
    var go = data.resolve("go");
    var busy = new AtomicReference<LiveTurnOutcome>();
    var first = Thread.ofVirtual().start(() -> busy.set(fake.turn(1, "wait " + go)));
    Patience.await().until(() -> fake.view(1).state() instanceof LiveState.Busy);
    fake.started = Map.of("model", "two");
    var next = new AtomicReference<LiveTurnOutcome>();
    var second = Thread.ofVirtual().start(() -> next.set(fake.turn(1, "say next")));
    Patience.await().until(() -> fake.view(1).changed().equals(List.of("model")));
    assertEquals(Optional.of(Long.valueOf(pid)), fake.view(1).pid());

    Files.createFile(go);
    first.join();
    second.join();

    assertEquals(ENDED, busy.get());
    assertEquals(ENDED, next.get());
    assertEquals(CloseReason.STALE, whyClosed(1));
    assertNotEquals(pid, fake.pid(1));
  }

  @Test
  void anotherConversationGetsAnotherProcess() {
    var pid = fake.pid(1);

    fake.turn(1, "pid", Optional.empty());

    assertNotEquals(pid, fake.heard.getFirst());
    assertEquals(CloseReason.OTHER_CONVERSATION, whyClosed(1));
  }

  @Test
  void timeEndsWhoWaitsAndWhoIsOld() {
    fake.pid(1);
    fake.clock.advance(Duration.ofMinutes(10).minusMillis(1));
    fake.live.sessions.lookAfter();
    assertEquals("ready", fake.view(1).state().code());

    fake.clock.advance(Duration.ofMillis(1));
    fake.live.sessions.lookAfter();
    assertEquals(CloseReason.IDLE, whyClosed(1));

    fake.pid(2);
    fake.settings = new LiveSettings(true, Duration.ofDays(1), Duration.ofHours(6), 200, 16);
    var pid = fake.pid(2);
    fake.clock.advance(Duration.ofHours(6));
    assertNotEquals(pid, fake.pid(2));
    assertEquals(CloseReason.MAX_AGE, whyClosed(2));
  }

  @Test
  void whoHasWaitedLongestMakesRoomAndWhoWorksDoesNot() throws Exception {
    fake.settings = settings(200, 2);
    fake.pid(1);
    fake.clock.advance(Duration.ofSeconds(1));
    var second = fake.pid(2);
    fake.clock.advance(Duration.ofSeconds(1));

    fake.pid(3);

    assertEquals(CloseReason.EVICTED, whyClosed(1));
    assertEquals(second, fake.pid(2));
    var go = data.resolve("go");
    var two = Thread.ofVirtual().start(() -> fake.turn(2, "wait " + go));
    var three = Thread.ofVirtual().start(() -> fake.turn(3, "wait " + go));
    Patience.await()
        .until(
            () ->
                fake.view(2).state() instanceof LiveState.Busy
                    && fake.view(3).state() instanceof LiveState.Busy);
    assertEquals(new LiveTurnOutcome.NoRoom(), fake.turn(4, "say hello"));
    Files.createFile(go);
    two.join();
    three.join();
  }

  @Test
  void questionThatComesBetweenTurnsIsAnsweredBeforeTheNextOne() {
    var pid = fake.pid(1);
    assertEquals(new LiveTurnOutcome.Ended(), fake.turn(1, "asks-late may I"));

    assertEquals(new LiveTurnOutcome.Ended(), fake.turn(1, "say hello"));

    assertEquals("hello", fake.heard.getLast());
    assertEquals(pid, fake.pid(1));
  }

  /** What obeys is waited for as long as it takes. */
  private static Limits patient(Limits limits) {
    return new Limits(
        limits.firstOutput(),
        limits.idle(),
        limits.total(),
        Duration.ofSeconds(20),
        limits.maxOutputBytes());
  }

  @Test
  void anInterruptedTurnLeavesAProcessThatObeys() throws InterruptedException {
    var pid = fake.pid(1);
    fake.limits = patient(fake.limits);

    var outcome = interrupted("obey");

    assertEquals(new LiveTurnOutcome.Interrupted(), outcome);
    assertEquals(pid, fake.pid(1));
  }

  @Test
  void anInterruptedTurnEndsAProcessThatDoesNotObey() throws InterruptedException {
    var pid = fake.pid(1);

    var outcome = interrupted("half");

    assertEquals(new LiveTurnOutcome.Interrupted(), outcome);
    assertEquals(CloseReason.DID_NOT_YIELD, whyClosed(1));
    assertNotEquals(pid, fake.pid(1));
  }

  private LiveTurnOutcome interrupted(String text) throws InterruptedException {
    var before = fake.view(1).lastOutputAt();
    fake.clock.advance(Duration.ofSeconds(1));
    var outcome = new ArrayList<LiveTurnOutcome>();
    var flag = new AtomicBoolean();
    var thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  outcome.add(fake.turn(1, text));
                  flag.set(Thread.currentThread().isInterrupted());
                });
    // It has been asked, and has begun to answer.
    Patience.await()
        .until(
            () ->
                fake.view(1).state() instanceof LiveState.Busy
                    && !fake.view(1).lastOutputAt().equals(before));
    thread.interrupt();
    thread.join();
    assertTrue(flag.get());
    return outcome.getFirst();
  }

  @Test
  void anAdminClosesAtOnceAndRecyclesAfterTheTurn() throws Exception {
    var go = data.resolve("go");
    var outcome = new AtomicReference<LiveTurnOutcome>();
    var closed = Thread.ofVirtual().start(() -> outcome.set(fake.turn(1, "wait " + go)));
    Patience.await().until(() -> isBusy(1));
    assertTrue(fake.live.sessions.close(fake.view(1).id()));
    closed.join();
    assertEquals(new LiveTurnOutcome.ClosedUnder(CloseReason.CLOSED_BY_ADMIN), outcome.get());

    var recycled = Thread.ofVirtual().start(() -> outcome.set(fake.turn(2, "wait " + go)));
    Patience.await().until(() -> isBusy(2));
    assertTrue(fake.live.sessions.recycle(fake.view(2).id()));
    assertEquals("draining", fake.view(2).state().code());
    Files.createFile(go);
    recycled.join();
    assertEquals(ENDED, outcome.get());
    Patience.await().until(() -> fake.view(2).state() instanceof LiveState.Closed);
    assertEquals(CloseReason.RECYCLED, whyClosed(2));
    assertFalse(fake.live.sessions.close("live-0-0"));
  }

  private boolean isBusy(long session) {
    return fake.live.sessions.list().stream()
        .anyMatch(
            view ->
                view.key().session().value() == session && view.state() instanceof LiveState.Busy);
  }

  @Test
  void aStopEndsEveryProcessAndTakesNoMoreTurns() throws InterruptedException {
    fake.pid(1);
    fake.pid(2);

    fake.live.sessions.stop();

    assertEquals(CloseReason.SHUTDOWN, whyClosed(1));
    assertEquals(CloseReason.SHUTDOWN, whyClosed(2));
    assertEquals(new LiveTurnOutcome.NoRoom(), fake.turn(1, "say hello"));
  }

  @Test
  void aProcessThatDiedWhileItWaitedIsReplaced() throws InterruptedException {
    var pid = Long.parseLong(fake.pid(1));
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());

    assertNotEquals(Long.toString(pid), fake.pid(1));

    assertEquals(CloseReason.CRASHED, whyClosed(1));
  }

  @Test
  void whatItForkedEndsWithIt() {
    fake.turn(1, "fork");
    fake.live.sessions.lookAfter();

    assertTrue(fake.live.sessions.close(fake.view(1).id()));

    assertEquals(0, fake.leftovers());
  }
}
