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
import dev.turnout.testing.QueueFixture;
import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.SettableClock;
import dev.turnout.testing.TestDatabase;
import dev.turnout.testing.TestSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A replica that has left stays away, whatever its lease keeper was just doing. */
@Timeout(60)
class LeaseKeeperIT {
  /** Lets a drain happen between the look of the lease keeper for itself and its renewal. */
  private static final class Interposed extends Replicas {
    final AtomicInteger registrations = new AtomicInteger();
    final AtomicReference<@Nullable WorkerPool> toDrain = new AtomicReference<>();
    final CountDownLatch roundOver = new CountDownLatch(1);
    private final AtomicBoolean drained = new AtomicBoolean();

    Interposed(DataSource database) {
      super(database);
    }

    @Override
    public Replica register(String home, String host, long pid, Duration lease) {
      registrations.incrementAndGet();
      return super.register(home, host, pid, lease);
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
      return super.renew(replica, lease);
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

  @Test
  void aLeaseThatIsRenewedWhileTheReplicaLeavesBringsItNotBack() throws InterruptedException {
    var clock = new SettableClock();
    var database = TestDatabase.migrated();
    var q = new QueueFixture(database, clock);
    var replicas = new Interposed(database.dataSource(""));
    Settings settings =
        TestSettings.settings(
            List.of(TestSettings.candidate("cli", "p")), 8, TestSettings.cli("cli", "unused"));
    var cooldowns = new Cooldowns(database.dataSource(""), clock);
    var pool =
        new WorkerPool(
            q.queue,
            replicas,
            q.signals,
            q.words,
            q.timers,
            q.history,
            q.events,
            new BackendRouter(
                Backends.of(new ScriptedBackend()),
                new BackendMemories(database.dataSource(""), clock),
                cooldowns,
                new DecisionLog(database.dataSource("")),
                new FaultDrills(database.dataSource(""), clock, new News(database.dataSource(""))),
                clock),
            new RunningTurns(),
            () -> settings,
            new Telemetry(new SimpleMeterRegistry(), () -> settings, clock),
            clock);
    pool.start(new ReplicaHome("home", "test", 1, Duration.ofMillis(500)));

    replicas.toDrain.set(pool);
    replicas.roundOver.await();

    assertEquals(1, replicas.registrations.get());
    q.close();
    database.close();
  }
}
