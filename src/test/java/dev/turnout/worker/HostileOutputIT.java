package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.Backend;
import dev.turnout.backend.BackendEvent;
import dev.turnout.backend.BackendProvider;
import dev.turnout.backend.BackendRuntime;
import dev.turnout.backend.EventSink;
import dev.turnout.decision.DecisionFilter;
import dev.turnout.decision.DecisionLog;
import dev.turnout.events.TurnEvent;
import dev.turnout.failure.FailureReason;
import dev.turnout.failure.FailureSignal;
import dev.turnout.failure.StorableText;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.WrittenSettings;
import dev.turnout.testing.TestDatabase;
import dev.turnout.turn.Answer;
import dev.turnout.turn.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A backend that says what no database can store costs nobody a write. */
@Timeout(60)
class HostileOutputIT {
  private static final String NUL = "a\u0000b";
  private static final String HALF = "rocket \ud83d lost";

  private final TestDatabase database = TestDatabase.migrated();
  private final Spoilt backend = new Spoilt();
  private WorkerFixture replica;

  /** Fails or answers as asked, and says both things wherever it can say anything. */
  private static final class Spoilt implements BackendProvider, Backend {
    private final List<AttemptRequest> requests = new CopyOnWriteArrayList<>();

    @Override
    public Optional<Backend> open(BackendSettings settings) {
      return Optional.of(this);
    }

    @Override
    public BackendRuntime runtime() {
      return BackendRuntime.CLI;
    }

    @Override
    public AttemptResult attempt(AttemptRequest request, EventSink sink) {
      requests.add(request);
      sink.accept(new BackendEvent.Notice(NUL + HALF));
      if (request.prompt().equals("fail")) {
        return new AttemptResult.Failed(
            new FailureSignal.CliReported(
                "claude", Map.of("api_error_status", "402", "why", NUL), NUL + " " + HALF),
            Optional.of(NUL));
      }
      sink.accept(new BackendEvent.ToolStarted(Optional.of(NUL), NUL, HALF));
      sink.accept(new BackendEvent.ToolEnded(Optional.of(NUL), false, HALF + NUL));
      sink.accept(new BackendEvent.Output(NUL + HALF));
      return new AttemptResult.Answered(new Answer(NUL + HALF, Usage.UNKNOWN), Optional.of(NUL));
    }
  }

  @BeforeEach
  void start() {
    var settings = WrittenSettings.of(Map.of("turnout.fallback.retry-budget", "0s"));
    replica = new WorkerFixture(database, backend, settings).start(Duration.ofMinutes(5));
  }

  @AfterEach
  void stop() {
    replica.close();
    database.close();
  }

  @Test
  void failureIsSettledRestsAndIsDecidedUpon() throws InterruptedException {
    var turn = replica.q.turn(replica.q.session("s"), "fail");

    var failed = assertInstanceOf(TurnEvent.Failed.class, replica.run(turn));

    assertEquals(FailureReason.BILLING, failed.failure().reason());
    var cooldown = replica.cooldowns.snapshot().all().iterator().next();
    assertEquals(FailureReason.BILLING, cooldown.reason());
    assertTrue(cooldown.failure().excerpt().orElseThrow().contains("a\ufffdb"));
    assertEquals(1, replica.cooldowns.history(cooldown.key(), 10).size());
    var decided =
        new DecisionLog(database.dataSource(""))
            .page(DecisionFilter.ofTurn(turn.id()), Optional.empty(), 10);
    assertTrue(
        decided.stream().anyMatch(kept -> kept.decision().facts().isPresent()), decided::toString);
  }

  @Test
  void answerAndItsEventsAreStoredAndTheConversationGoesOn() throws InterruptedException {
    var session = replica.q.session("s");
    var turn = replica.q.turn(session, "ok");

    var done = assertInstanceOf(TurnEvent.Succeeded.class, replica.run(turn));

    assertEquals("a\ufffdbrocket \ufffd lost", done.answer().text());
    var stored = replica.q.stored(turn.id());
    assertTrue(stored.stream().allMatch(event -> StorableText.isStorable(event.json())));
    assertTrue(stored.stream().noneMatch(event -> event.json().contains("\\u0000")));

    // Under a reference that cannot be kept nothing is resumed: the history is told instead.
    replica.run(replica.q.turn(session, "again"));
    var again = backend.requests.getLast();
    assertEquals(Optional.empty(), again.resume());
    assertEquals(done.answer().text(), again.history().getFirst().answer());
  }
}
