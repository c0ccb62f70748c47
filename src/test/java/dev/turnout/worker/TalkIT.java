package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.events.TurnEvent;
import dev.turnout.queue.AnswerResult;
import dev.turnout.settings.Settings;
import dev.turnout.testing.Patience;
import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.TestDatabase;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.Outside;
import dev.turnout.turn.PermissionOutcome;
import dev.turnout.turn.TurnId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Words from outside to a turn that runs, on this replica or on another. */
@Timeout(120)
class TalkIT {
  private static final Settings SETTINGS =
      TestSettings.settings(
          List.of(TestSettings.candidate("cli", "p")), 4, TestSettings.cli("cli", "unused"));

  private static Outside.Answer yes(String question) {
    return new Outside.Answer(question, PermissionOutcome.ALLOWED, Optional.of("go on"));
  }

  private static List<TurnEvent> events(WorkerFixture replica, TurnId turn) {
    return replica.q.stored(turn).stream().map(stored -> stored.event()).toList();
  }

  private static String question(WorkerFixture replica, TurnId turn) {
    Patience.await().until(() -> replica.q.view(turn).questions().size() == 1);
    return replica.q.view(turn).questions().getFirst().question();
  }

  private static String answer(TurnEvent end) {
    return assertInstanceOf(TurnEvent.Succeeded.class, end, end::toString).answer().text();
  }

  @Test
  void answerGivenOnAnotherReplicaReachesTheRunAndIsTheOnlyOne() throws InterruptedException {
    try (var database = TestDatabase.migrated();
        var runs = new WorkerFixture(database, new ScriptedBackend(), SETTINGS);
        var hears = new WorkerFixture(database, new ScriptedBackend(), SETTINGS)) {
      runs.start(Duration.ofMinutes(1));
      var turn = runs.submit(runs.q.turn(runs.q.session("s"), "ask 60000 rm"));
      var question = question(hears, turn);

      assertEquals(AnswerResult.UNKNOWN, hears.q.words.answer(turn, yes("another")));
      assertEquals(AnswerResult.TOLD, hears.q.words.answer(turn, yes(question)));
      assertEquals(AnswerResult.ANSWERED, runs.q.words.answer(turn, yes(question)));

      assertTrue(answer(hears.end(turn)).endsWith("heard ALLOWED"));
      assertTrue(
          events(hears, turn)
              .contains(
                  new TurnEvent.PermissionAnswered(
                      question, PermissionOutcome.ALLOWED, Optional.of("go on"))));
      assertEquals(AnswerResult.ANSWERED, hears.q.words.answer(turn, yes(question)));
      assertEquals(0, hears.q.number("select count(*) from turnout.run_word"));
      assertEquals(List.of(), hears.q.violations());
    }
  }

  @Test
  void deadlineAnswersOnceAndAPersonComesTooLate() throws InterruptedException {
    try (var database = TestDatabase.migrated();
        var runs = new WorkerFixture(database, new ScriptedBackend(), SETTINGS)) {
      runs.start(Duration.ofMinutes(1));
      var turn = runs.submit(runs.q.turn(runs.q.session("s"), "ask 0 rm"));

      assertTrue(answer(runs.end(turn)).endsWith("heard EXPIRED"));

      var asked =
          events(runs, turn).stream()
              .filter(TurnEvent.PermissionAsked.class::isInstance)
              .map(TurnEvent.PermissionAsked.class::cast)
              .findFirst()
              .orElseThrow();
      assertEquals(AnswerResult.ANSWERED, runs.q.words.answer(turn, yes(asked.question())));
    }
  }

  @Test
  void questionOfADeadRunIsWithdrawnByTheNextOne() throws InterruptedException {
    try (var database = TestDatabase.migrated();
        var dies = new WorkerFixture(database, new ScriptedBackend(), SETTINGS);
        var next = new WorkerFixture(database, new ScriptedBackend(), SETTINGS)) {
      dies.start(Duration.ofMinutes(1));
      var turn = dies.submit(dies.q.turn(dies.q.session("s"), "ask 60000 rm"));
      var question = question(dies, turn);
      dies.q.execute("update turnout.replica set lease_until = now() - interval '1 hour'");
      next.q.replicas.rescueOverdue();
      assertEquals(AnswerResult.OVER, next.q.words.answer(turn, yes(question)));

      next.start(Duration.ofMinutes(1));

      Patience.await()
          .until(
              () ->
                  next.q.view(turn).questions().stream()
                      .anyMatch(asked -> !asked.question().equals(question)));
      assertTrue(
          events(next, turn)
              .contains(
                  new TurnEvent.PermissionAnswered(
                      question, PermissionOutcome.WITHDRAWN, Optional.empty())));
      assertEquals(AnswerResult.TOLD, next.q.words.answer(turn, yes(question(next, turn))));
      assertTrue(answer(next.end(turn)).endsWith("heard ALLOWED"));
    }
  }
}
