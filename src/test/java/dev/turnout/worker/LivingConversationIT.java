package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.cli.CliBackendProvider;
import dev.turnout.events.TurnEvent;
import dev.turnout.failure.FailureReason;
import dev.turnout.livesession.CloseReason;
import dev.turnout.livesession.LiveState;
import dev.turnout.livesession.LiveView;
import dev.turnout.process.Leftovers;
import dev.turnout.session.BackendMemories;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.settings.Settings;
import dev.turnout.settings.WrittenSettings;
import dev.turnout.testing.Patience;
import dev.turnout.testing.TestDatabase;
import dev.turnout.testing.TestLive;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the next turn has and knows when a living CLI crashes in the middle of one, when its
 * settings change meanwhile, and when it is run on a replica that has not the CLI's files.
 */
@Timeout(120)
class LivingConversationIT {
  private static final BackendId CLI = new BackendId("cli");

  @TempDir private Path data;
  private final TestDatabase database = TestDatabase.migrated();
  private final BackendMemories memories =
      new BackendMemories(database.dataSource(""), Clock.systemUTC());

  /** A replica with a data directory of its own, and the demo agent living in it. */
  private final class Host implements AutoCloseable {
    private final String home;
    private volatile Settings settings;
    private final TestLive live;
    private final WorkerFixture replica;

    Host(String name, Map<String, String> more) throws IOException {
      home = Files.createDirectories(data.resolve(name)).toString();
      settings = written(more);
      live = new TestLive(Path.of(home), Clock.systemUTC());
      var profiles = new AuthProfiles(() -> settings, _ -> Optional.empty());
      var provider = new CliBackendProvider(profiles, live.ledger, live.sessions, home);
      CurrentSettings current = () -> settings;
      replica = new WorkerFixture(database, provider, current).start(Duration.ofMinutes(5));
    }

    /** What is in force from the next turn on. */
    void change(Map<String, String> more) {
      settings = written(more);
    }

    TurnEvent.Succeeded ask(SessionId session, String prompt) throws InterruptedException {
      var end = replica.run(replica.q.turn(session, prompt));
      return assertInstanceOf(TurnEvent.Succeeded.class, end, end::toString);
    }

    ProcessHandle process() {
      return live.sessions.list().stream()
          .filter(view -> !(view.state() instanceof LiveState.Closed))
          .map(LiveView::pid)
          .findFirst()
          .flatMap(pid -> ProcessHandle.of(pid.orElseThrow()))
          .orElseThrow();
    }

    List<TurnEvent> events(TurnId turn) {
      return replica.q.stored(turn).stream().map(stored -> stored.event()).toList();
    }

    @Override
    public void close() {
      replica.close();
      live.close();
      assertEquals(0, Leftovers.endAll(home));
      assertEquals(List.of(), live.ledger.owners());
      assertEquals(List.of(), replica.q.violations());
    }
  }

  private static Settings written(Map<String, String> more) {
    var written = new HashMap<>(more);
    written.put("turnout.default-agent", "demo");
    written.put("turnout.agents.demo.chain[0].backend", CLI.value());
    written.put("turnout.backends.cli.kind", "demo");
    written.put("turnout.fallback.retry-budget", "0s");
    return WrittenSettings.of(written);
  }

  @AfterEach
  void drop() {
    database.drop();
  }

  private String ref(SessionId session) {
    return memories.recall(session, CLI).orElseThrow().ref();
  }

  @Test
  void crashInATurnIsToldTruthfullyAndTheNextTurnResumesByTheClisOwnId()
      throws IOException, InterruptedException {
    try (var host = new Host("one", Map.of())) {
      var session = host.replica.q.session("s");
      host.ask(session, "my colour is blue");
      var ref = ref(session);
      var process = host.process();
      var turn = host.replica.submit(host.replica.q.turn(session, "tool look\nsleep 300"));
      Patience.await()
          .until(() -> host.events(turn).stream().anyMatch(TurnEvent.ToolEnded.class::isInstance));

      assertTrue(process.destroyForcibly());

      var failed = assertInstanceOf(TurnEvent.Failed.class, host.replica.end(turn));
      assertEquals(FailureReason.PROCESS_CRASHED, failed.failure().reason());
      assertEquals(1, failed.attempts().size(), "a tool may have acted: nobody tries again");
      var next = host.ask(session, "recall");
      assertTrue(next.answer().text().startsWith("my colour is blue"), next::toString);
      assertEquals(ref, ref(session));
      assertNotEquals(process.pid(), host.process().pid());
    }
  }

  @Test
  void whatChangesDuringATurnLetsItEndAndTheNextOneHasANewProcess()
      throws IOException, InterruptedException {
    try (var host = new Host("one", Map.of())) {
      var session = host.replica.q.session("s");
      host.ask(session, "my colour is blue");
      var process = host.process();
      var turn = host.replica.submit(host.replica.q.turn(session, "tool look\nsleep 2"));
      Patience.await()
          .until(() -> host.events(turn).stream().anyMatch(TurnEvent.ToolEnded.class::isInstance));

      host.change(Map.of("turnout.backends.cli.environment.SETTING", "another"));
      var next = host.ask(session, "recall");

      assertInstanceOf(TurnEvent.Succeeded.class, host.replica.end(turn));
      assertTrue(next.answer().text().startsWith("my colour is blue | tool look"), next::toString);
      assertNotEquals(process.pid(), host.process().pid());
      assertTrue(
          host.live.sessions.list().stream()
              .map(LiveView::state)
              .anyMatch(
                  state ->
                      state instanceof LiveState.Closed(var why, _) && why == CloseReason.STALE));
    }
  }

  @Test
  void replicaWithoutTheClisFilesTellsTheConversationAnewAndSaysSo()
      throws IOException, InterruptedException {
    SessionId session;
    String ref;
    try (var one = new Host("one", Map.of())) {
      session = one.replica.q.session("s");
      one.ask(session, "my colour is blue");
      one.ask(session, "my town is Bern");
      ref = ref(session);
    }
    try (var two = new Host("two", Map.of())) {
      var turn = two.replica.submit(two.replica.q.turn(session, "which colour?"));
      two.replica.await(turn, TurnState.SUCCEEDED);

      var events = two.events(turn);
      var retried = only(TurnEvent.AttemptRetried.class, events);
      assertEquals(FailureReason.SESSION_LOST, retried.reason());
      assertEquals(
          "the backend has lost the conversation, and is told it anew: 2 earlier turns",
          only(TurnEvent.Notice.class, events).text());
      assertNotEquals(ref, ref(session));
      // From here on the new conversation is resumed; it holds what was told.
      var recalled = two.ask(session, "recall").answer().text();
      assertTrue(recalled.contains("<user> my colour is blue </user>"), recalled);
      assertTrue(recalled.contains("You said: my town is Bern"), recalled);
    }
  }

  @Test
  void whatIsToldAnewIsLimitedByItsBackend() throws IOException, InterruptedException {
    SessionId session;
    try (var one = new Host("one", Map.of())) {
      session = one.replica.q.session("s");
      one.ask(session, "words 200");
      one.ask(session, "my town is Bern");
    }
    try (var two = new Host("two", Map.of("turnout.backends.cli.max-history-bytes", "500"))) {
      var turn = two.replica.submit(two.replica.q.turn(session, "which town?"));
      two.replica.await(turn, TurnState.SUCCEEDED);

      assertEquals(
          "the backend has lost the conversation, and is told it anew: 1 earlier turn; older ones"
              + " left out by max-history-bytes: 1",
          only(TurnEvent.Notice.class, two.events(turn)).text());
    }
  }

  private static <T extends TurnEvent> T only(Class<T> kind, List<TurnEvent> events) {
    var all = events.stream().filter(kind::isInstance).map(kind::cast).toList();
    assertEquals(1, all.size(), events::toString);
    return all.getFirst();
  }
}
