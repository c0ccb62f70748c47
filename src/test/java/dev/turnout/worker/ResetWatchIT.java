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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A replica hears of sessions that were reset, here or elsewhere, once for each reset. */
@Timeout(60)
class ResetWatchIT {
  private final SettableClock clock = new SettableClock();
  private final Beginning backend = new Beginning();
  private QueueFixture q;
  private ResetWatch watch;

  @BeforeEach
  void start() {
    q = new QueueFixture(TestDatabase.migrated(), clock);
    var news = new News(q.database.dataSource(""));
    watch =
        new ResetWatch(
            q.lines,
            new BackendRouter(
                Backends.of(backend),
                new BackendMemories(q.database.dataSource(""), clock),
                new Cooldowns(q.database.dataSource(""), clock),
                new DecisionLog(q.database.dataSource("")),
                new FaultDrills(q.database.dataSource(""), clock, news),
                clock),
            news);
  }

  @AfterEach
  void stop() {
    q.close();
    q.database.close();
  }

  private void reset(SessionId session) {
    q.execute("select turnout.reset_session(%d, now())".formatted(session.value()));
  }

  @Test
  void eachResetIsHeardOfOnce() {
    var first = q.session("first");
    var second = q.session("second");
    q.session("kept");
    watch.once();
    reset(first);
    watch.once();
    reset(second);
    watch.once();
    watch.once();

    assertEquals(List.of(first, second), backend.begun);
  }

  @Test
  void secondResetOfTheSameSessionIsHeardOf() {
    var session = q.session("again");
    reset(session);
    watch.once();
    reset(session);
    watch.once();

    assertEquals(List.of(session, session), backend.begun);
  }

  @Test
  void resetsOfLongBeforeItsStartAreNoneOfItsBusiness() {
    var session = q.session("old");
    reset(session);
    q.execute("update turnout.session set reset_at = reset_at - interval '1 hour'");

    watch.once();

    assertEquals(List.of(), backend.begun);
  }

  private static final class Beginning implements BackendProvider {
    final List<SessionId> begun = new ArrayList<>();

    @Override
    public Optional<Backend> open(BackendSettings settings) {
      return Optional.empty();
    }

    @Override
    public void beginAnew(SessionId session) {
      begun.add(session);
    }
  }
}
