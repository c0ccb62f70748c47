package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.backend.AttemptRequest;
import dev.turnout.session.BackendMemories;
import dev.turnout.session.BackendMemory;
import dev.turnout.settings.Settings;
import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.TestDatabase;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session that is reset starts a new conversation, whatever runs in that moment. */
@Timeout(60)
class SessionResetIT {
  private static final Settings SETTINGS =
      TestSettings.settings(
          List.of(TestSettings.candidate("cli", "subscription")),
          8,
          TestSettings.cli("cli", "unused"));
  private static final BackendId CLI = new BackendId("cli");

  private final ScriptedBackend backend = new ScriptedBackend();
  private WorkerFixture replica;
  private BackendMemories memories;
  private SessionId session;

  @BeforeEach
  void start() {
    var database = TestDatabase.migrated();
    replica = new WorkerFixture(database, backend, SETTINGS).start(Duration.ofMinutes(5));
    memories = new BackendMemories(database.dataSource(""), replica.clock);
    session = replica.q.session("s");
  }

  @AfterEach
  void stop() {
    assertEquals(List.of(), replica.q.violations());
    replica.close();
    replica.q.database.close();
  }

  private void finish(String input) throws InterruptedException {
    replica.await(replica.submit(replica.q.turn(session, input)), TurnState.SUCCEEDED);
  }

  private void reset() {
    replica.q.execute("select turnout.reset_session(%d, now())".formatted(session.value()));
  }

  private AttemptRequest lastRequest() {
    return backend.requests.getLast();
  }

  @Test
  void theNextTurnResumesNothingAndIsToldNothing() throws InterruptedException {
    finish("one");
    reset();

    finish("two");

    assertEquals(Optional.empty(), lastRequest().resume());
    assertEquals(List.of(), lastRequest().history());
  }

  @Test
  void theNewConversationGoesOnFromThere() throws InterruptedException {
    finish("one");
    reset();
    finish("two");

    finish("three");
    assertEquals(Optional.of("ref-" + session.value()), lastRequest().resume());

    memories.forget(session, CLI);
    finish("four");
    assertEquals(
        List.of("two", "three"),
        lastRequest().history().stream().map(exchange -> exchange.input()).toList());
  }

  @Test
  void aTurnThatRanThroughTheResetDoesNotBringTheOldConversationBack() throws InterruptedException {
    finish("one");
    var running = replica.submit(replica.q.turn(session, "hold"));
    backend.awaitHeld();
    var waiting = replica.submit(replica.q.turn(session, "two"));
    reset();

    backend.release();

    replica.await(running, TurnState.SUCCEEDED);
    replica.await(waiting, TurnState.SUCCEEDED);
    assertEquals("two", lastRequest().prompt());
    assertEquals(Optional.empty(), lastRequest().resume());
    assertEquals(List.of(), lastRequest().history());
  }

  @Test
  void whatATurnOfTheOldConversationRemembersIsNotKept() throws InterruptedException {
    finish("one");
    reset();

    memories.remember(session, CLI, new BackendMemory("old", 1));
    assertEquals(Optional.empty(), memories.recall(session, CLI));

    memories.remember(session, CLI, new BackendMemory("new", 2));
    assertEquals(Optional.of(new BackendMemory("new", 2)), memories.recall(session, CLI));
  }

  @Test
  void aRunThatComesLateDoesNotReplaceWhatALaterTurnSaid() {
    memories.remember(session, CLI, new BackendMemory("later", 5));

    memories.remember(session, CLI, new BackendMemory("earlier", 4));

    assertEquals(Optional.of(new BackendMemory("later", 5)), memories.recall(session, CLI));
  }

  @Test
  void resetsAndMemoriesAtOnceLeaveNothingOfTheOldConversation() throws Exception {
    finish("one");
    for (int round = 0; round < 50; round++) {
      var late =
          Thread.startVirtualThread(
              () -> memories.remember(session, CLI, new BackendMemory("old", 1)));
      reset();
      late.join();

      assertEquals(Optional.empty(), memories.recall(session, CLI));
      replica.q.execute("update turnout.session set history_from = 0");
    }
  }
}
