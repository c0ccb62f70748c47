package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.backend.Backend;
import dev.turnout.backend.BackendProvider;
import dev.turnout.backend.Backends;
import dev.turnout.cooldown.Cooldowns;
import dev.turnout.decision.DecisionLog;
import dev.turnout.drill.FaultDrills;
import dev.turnout.news.News;
import dev.turnout.routing.BackendRouter;
import dev.turnout.session.BackendMemories;
import dev.turnout.settings.BackendSettings;
import dev.turnout.testing.QueueFixture;
import dev.turnout.testing.SettableClock;
import dev.turnout.testing.TestDatabase;
import dev.turnout.turn.SessionId;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A replica cleans up behind sessions that were deleted, here or elsewhere. */
@Timeout(60)
class SessionSweepIT {
  private final SettableClock clock = new SettableClock();
  private final Forgetting backend = new Forgetting();
  private QueueFixture q;

  @BeforeEach
  void start() {
    q = new QueueFixture(TestDatabase.migrated(), clock);
  }

  @AfterEach
  void stop() {
    q.close();
    q.database.close();
  }

  private SessionSweep sweep() {
    return new SessionSweep(
        q.lines,
        new BackendRouter(
            Backends.of(backend),
            new BackendMemories(q.database.dataSource(""), clock),
            new Cooldowns(q.database.dataSource(""), clock),
            new DecisionLog(q.database.dataSource("")),
            new FaultDrills(q.database.dataSource(""), clock, new News(q.database.dataSource(""))),
            clock),
        clock);
  }

  @Test
  void whatWasDeletedWhileTheReplicaWasAwayIsForgottenAtItsStart() {
    var gone = q.session("gone");
    q.session("kept");
    q.lines.delete(gone);

    sweep().once();

    assertEquals(Set.of(gone), backend.forgotten);
  }

  @Test
  void whatIsDeletedLaterIsForgottenInALaterRound() {
    var sweep = sweep();
    var first = q.session("first");
    q.lines.delete(first);
    sweep.once();
    var second = q.session("second");
    q.lines.delete(second);

    sweep.once();

    assertEquals(Set.of(first, second), backend.forgotten);
  }

  @Test
  void whatCouldNotBeForgottenIsTriedAgainAfterAWhileUntilItIsGone() {
    var session = q.session("s");
    q.lines.delete(session);
    backend.able = false;
    var sweep = sweep();
    sweep.once();
    sweep.once();
    assertEquals(1, backend.asked, "not in every round");

    clock.advance(Duration.ofMinutes(1));
    sweep.once();
    assertEquals(2, backend.asked);
    assertEquals(Set.of(), backend.forgotten);

    // The session is not looked for any more: only what was left of it is.
    var later = q.session("later");
    clock.advance(Duration.ofHours(1));
    q.lines.delete(later);
    backend.able = true;
    sweep.once();

    assertEquals(Set.of(session, later), backend.forgotten);
  }

  @Test
  void rowsThatADeleteLeftAreRemoved() throws InterruptedException {
    var session = q.session("s");
    q.admit(q.turn(session, "waiting"));
    q.lines.delete(session);

    sweep().once();

    assertEquals(0, q.number("select count(*) from turnout.turn"));
  }

  private static final class Forgetting implements BackendProvider {
    final Set<SessionId> forgotten = new LinkedHashSet<>();
    boolean able = true;
    int asked;

    @Override
    public Optional<Backend> open(BackendSettings settings) {
      return Optional.empty();
    }

    @Override
    public boolean forget(SessionId session) {
      asked++;
      if (able) {
        forgotten.add(session);
      }
      return able;
    }
  }
}
