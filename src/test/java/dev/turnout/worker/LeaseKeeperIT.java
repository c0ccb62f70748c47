package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.backend.Backends;
import dev.turnout.cooldown.Cooldowns;
import dev.turnout.decision.DecisionLog;
import dev.turnout.drill.FaultDrills;
import dev.turnout.news.News;
import dev.turnout.queue.Replica;
import dev.turnout.queue.Replicas;
import dev.turnout.routing.BackendRouter;
import dev.turnout.session.BackendMemories;
import dev.turnout.settings.Settings;
import dev.turnout.telemetry.Telemetry;
import dev.turnout.testing.Patience;
import dev.turnout.testing.QueueFixture;
import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.SettableClock;
import dev.turnout.testing.TestDatabase;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TurnState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A replica that has left stays away; one that was taken for dead comes back whole. */
@Timeout(60)
class LeaseKeeperIT {
  /** Lets a drain happen between the look of the lease keeper for itself and its renewal. */
  private final class Interposed extends Replicas {
    final AtomicInteger registrations = new AtomicInteger();
    final AtomicReference<@Nullable WorkerPool> toDrain = new AtomicReference<>();
    final CountDownLatch roundOver = new CountDownLatch(1);
    final AtomicBoolean breaksOff = new AtomicBoolean();
    final AtomicBoolean away = new AtomicBoolean();
    final CountDownLatch back = new CountDownLatch(1);
    final List<Integer> runsAtRegistration = new CopyOnWriteArrayList<>();
    private final AtomicBoolean drained = new AtomicBoolean();
    private final RunningTurns running;

    Interposed(DataSource database, RunningTurns running) {
      super(database);
      this.running = running;
    }

    @Override
    public Replica register(String home, String host, long pid, Duration lease) {
      registrations.incrementAndGet();
      runsAtRegistration.add(running.size());
      return super.register(home, host, pid, lease);
    }

    @Override
    public int rescuePredecessors(Replica self) {
      if (breaksOff.getAndSet(false)) {
        throw new StoreUnavailable("away again", new SQLException());
      }
      return super.rescuePredecessors(self);
    }

    @Override
    public boolean renew(Replica replica, Duration lease) {
      var pool = toDrain.getAndSet(null);
      if (pool != null) {
        try {
          pool.drain();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        drained.set(true);
      }
      if (away.get()) {
        throw new StoreUnavailable("away", new SQLException());
      }
      boolean renewed = super.renew(replica, lease);
      if (backend.answered.get() == 2) {
        back.countDown();
      }
      return renewed;
    }

    /** The last thing of each round. */
    @Override
    public int rescueOverdue() {
      int rescued = super.rescueOverdue();
      if (drained.get()) {
        roundOver.countDown();
      }
      return rescued;
    }
  }

  private final SettableClock clock = new SettableClock();
  private final TestDatabase database = TestDatabase.migrated();
  private final QueueFixture q = new QueueFixture(database, clock);
  private final ScriptedBackend backend = new ScriptedBackend();
  private final RunningTurns running = new RunningTurns();
  private final Interposed replicas = new Interposed(database.dataSource(""), running);
  private final WorkerPool pool = pool();

  private WorkerPool pool() {
    Settings settings =
        TestSettings.settings(
            List.of(TestSettings.candidate("cli", "p")), 8, TestSettings.cli("cli", "unused"));
    return new WorkerPool(
        q.queue,
        replicas,
        q.signals,
        q.words,
        q.timers,
        q.history,
        q.events,
        new BackendRouter(
            Backends.of(backend),
            new BackendMemories(database.dataSource(""), clock),
            new Cooldowns(database.dataSource(""), clock),
            new DecisionLog(database.dataSource("")),
            new FaultDrills(database.dataSource(""), clock, new News(database.dataSource(""))),
            clock),
        running,
        () -> settings,
        new Telemetry(new SimpleMeterRegistry(), () -> settings, clock),
        clock);
  }

  private void start(Duration lease) {
    pool.start(new ReplicaHome("home", "test", 1, lease));
  }

  @AfterEach
  void stop() throws InterruptedException {
    pool.drain();
    q.close();
    database.close();
  }

  @Test
  void aLeaseThatIsRenewedWhileTheReplicaLeavesBringsItNotBack() throws InterruptedException {
    start(Duration.ofSeconds(5));
    replicas.toDrain.set(pool);
    replicas.roundOver.await();

    assertEquals(1, replicas.registrations.get());
  }

  @Test
  void aJoinThatBreaksOffInTheMiddleIsBegunAgain() throws InterruptedException {
    start(Duration.ofSeconds(5));
    replicas.breaksOff.set(true);
    q.execute("delete from turnout.replica where home = 'home'");
    Patience.await().until(() -> replicas.registrations.get() == 3);

    var turn = q.turn(q.session("s"), "ok");
    q.admit(turn);

    Patience.await().until(() -> q.view(turn.id()).state() == TurnState.SUCCEEDED);
    assertEquals(List.of(), q.violations());
  }

  @Test
  void aRenewalThatHangsKeepsNoRunBeyondTheLease() throws Exception {
    start(Duration.ofSeconds(2));
    var turn = q.turn(q.session("s"), "hold");
    q.admit(turn);
    backend.awaitHeld();

    try (var blocker = database.dataSource("").getConnection()) {
      blocker.setAutoCommit(false);
      try (var statement = blocker.createStatement()) {
        statement.execute("lock table turnout.replica in access exclusive mode");
      }
      Patience.await().until(() -> backend.answered.get() == 1);
      backend.release();
      blocker.rollback();
    }

    Patience.await().until(() -> q.view(turn.id()).state() == TurnState.SUCCEEDED);
    assertEquals(2, backend.requests.size());
    assertEquals(List.of(), q.violations());
  }

  @Test
  void endsThatWaitForTheDatabaseAreWrittenBeforeAReplicaJoinsAnew() throws Exception {
    start(Duration.ofSeconds(4));
    var ended = q.turn(q.session("ended"), "hold");
    q.admit(ended);
    q.admit(q.turn(q.session("stopped"), "pause 600000"));
    backend.awaitHeld();
    Patience.await().until(() -> backend.requests.size() == 2);
    try (var blocker = database.dataSource("").getConnection()) {
      blocker.setAutoCommit(false);
      try (var statement = blocker.createStatement()) {
        statement.execute("lock table turnout.turn_event in exclusive mode");
      }
      replicas.away.set(true);
      backend.release();
      // The other one ends because the lease is over.
      Patience.await().until(() -> backend.answered.get() == 2);
      replicas.away.set(false);
      replicas.back.await();
      blocker.rollback();
    }

    Patience.await().until(() -> backend.requests.size() == 3);
    assertEquals(TurnState.SUCCEEDED, q.view(ended.id()).state());
    assertEquals(List.of(0, 0), replicas.runsAtRegistration);
  }
}
