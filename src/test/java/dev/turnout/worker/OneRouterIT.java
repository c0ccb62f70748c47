package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.backend.BackendRuntime;
import dev.turnout.events.TurnEvent;
import dev.turnout.queue.NewTurn;
import dev.turnout.settings.Settings;
import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.TestDatabase;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.Attempt;
import dev.turnout.turn.BusyMode;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whichever way a turn comes in, it is run by the same runtime, with the same credential and so on
 * the same account. An agent with a CLI first and a model API second never reaches the API while
 * the CLI answers.
 */
@Timeout(60)
class OneRouterIT {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Settings SETTINGS =
      TestSettings.settings(
          List.of(
              TestSettings.candidate("cli", "subscription"),
              TestSettings.candidate("api", "api-key")),
          8,
          TestSettings.cli("cli", "unused"),
          TestSettings.api("api"));

  private final ScriptedBackend backend = new ScriptedBackend();
  private WorkerFixture replica;

  /** Every way in. */
  enum Entry {
    FIRST,
    FOLLOWUP,
    QUEUED_BEFORE_START,
    INTERRUPTING,
    DELAYED,
    RECOVERED_AFTER_CRASH,
    GIVEN_BACK_BY_DRAIN,
    STARTED_AFRESH
  }

  @BeforeEach
  void start() {
    replica = new WorkerFixture(TestDatabase.migrated(), backend, SETTINGS);
  }

  @AfterEach
  void stop() {
    assertEquals(List.of(), replica.q.violations());
    replica.close();
    replica.q.database.close();
  }

  @ParameterizedTest
  @EnumSource(Entry.class)
  void everyEntryTakesTheSameRuntimeProfileAndAccount(Entry entry) throws InterruptedException {
    var turn = enter(entry);

    var done = replica.await(turn, TurnState.SUCCEEDED).last().orElseThrow().event();

    var answered = ((TurnEvent.Succeeded) done).attempts().getLast();
    assertEquals(TestSettings.candidate("cli", "subscription"), answered.candidate());
    assertEquals(Optional.of(BackendRuntime.CLI.code()), answered.runtime());
    assertEquals(
        List.of(),
        backend.requests.stream()
            .filter(request -> request.candidate().backend().value().equals("api"))
            .toList());
  }

  private TurnId enter(Entry entry) throws InterruptedException {
    var session = replica.q.session("s");
    return switch (entry) {
      case FIRST -> {
        replica.start(LEASE);
        yield replica.submit(replica.q.turn(session, "ok"));
      }
      case FOLLOWUP -> {
        replica.start(LEASE);
        replica.submit(replica.q.turn(session, "pause 50"));
        yield replica.submit(replica.q.turn(session, "ok"));
      }
      case QUEUED_BEFORE_START -> {
        var id = replica.submit(replica.q.turn(session, "ok"));
        replica.start(LEASE);
        yield id;
      }
      case INTERRUPTING -> {
        replica.start(LEASE);
        replica.submit(replica.q.turn(session, "hold"));
        backend.awaitHeld();
        var id =
            replica.submit(replica.q.with(replica.q.turn(session, "ok"), BusyMode.INTERRUPT, 9));
        replica.q.queue.runsWereSignalled();
        yield id;
      }
      case DELAYED -> {
        replica.start(LEASE);
        var due = Optional.of(replica.clock.instant().plusSeconds(60));
        var id =
            replica.submit(replica.q.timed(replica.q.turn(session, "ok"), due, Optional.empty()));
        replica.clock.advance(Duration.ofSeconds(61));
        yield id;
      }
      case RECOVERED_AFTER_CRASH -> {
        replica.q.self = replica.q.replicas.register(replica.home, "test", 2, LEASE);
        replica.q.open(1);
        var id = replica.submit(replica.q.turn(session, "ok"));
        replica.q.queue.take();
        replica.q.queue.pause();
        replica.start(LEASE);
        yield id;
      }
      case GIVEN_BACK_BY_DRAIN -> {
        replica.start(LEASE);
        var id = replica.submit(replica.q.turn(session, "hold"));
        backend.awaitHeld();
        replica.pool.drain();
        backend.release();
        replica.start(LEASE);
        yield id;
      }
      case STARTED_AFRESH -> {
        replica.start(LEASE);
        replica.await(replica.submit(replica.q.turn(session, "ok")), TurnState.SUCCEEDED);
        yield replica.submit(replica.q.turn(session, "lost"));
      }
    };
  }

  @Test
  void aFollowUpResumesTheSameConversationOfTheCli() throws InterruptedException {
    replica.start(LEASE);
    var session = replica.q.session("s");
    replica.submit(replica.q.turn(session, "pause 30"));
    replica.await(replica.submit(replica.q.turn(session, "ok")), TurnState.SUCCEEDED);

    assertEquals(
        List.of(Optional.empty(), Optional.of("ref-" + session.value())),
        backend.requests.stream().map(request -> request.resume()).toList());
    assertEquals(List.of(), backend.requests.get(1).history());
  }

  @Test
  void aBackendThatDidNotSeeATurnIsToldOfIt() throws InterruptedException {
    replica.start(LEASE);
    NewTurn first = replica.q.turn(replica.q.session("s"), "ok");
    replica.await(replica.submit(first), TurnState.SUCCEEDED);
    // Another backend's memory is not this one's: it knows nothing of the first turn.
    replica.q.execute("update turnout.session_backend set backend = 'other'");

    var second = replica.submit(replica.q.turn(first.session(), "ok"));
    replica.await(second, TurnState.SUCCEEDED);

    assertEquals(1, backend.requests.get(1).history().size());
    assertEquals("answer to ok", backend.requests.get(1).history().getFirst().answer());
  }

  @Test
  void aMissingCliIsAFailureAndNotAReasonToPayTheApi() throws InterruptedException {
    var withoutCli =
        TestSettings.settings(
            List.of(
                TestSettings.candidate("cli", "subscription"),
                TestSettings.candidate("api", "api-key")),
            8,
            TestSettings.api("api"));
    try (var closed = new WorkerFixture(replica.q.database, backend, withoutCli).start(LEASE)) {
      var id = closed.submit(closed.q.turn(closed.q.session("closed"), "ok"));

      var last = (TurnEvent.Failed) closed.await(id, TurnState.FAILED).last().orElseThrow().event();

      assertEquals("backend_config_missing", last.failure().reason().code());
      assertEquals(List.of("cli"), last.attempts().stream().map(OneRouterIT::backendOf).toList());
      assertEquals(List.of(), backend.requests);
    }
  }

  private static String backendOf(Attempt attempt) {
    return attempt.candidate().backend().value();
  }
}
