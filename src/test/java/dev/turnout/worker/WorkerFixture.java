package dev.turnout.worker;

import dev.turnout.backend.BackendProvider;
import dev.turnout.backend.Backends;
import dev.turnout.cooldown.Cooldowns;
import dev.turnout.decision.DecisionLog;
import dev.turnout.drill.FaultDrills;
import dev.turnout.events.TurnEvent;
import dev.turnout.news.News;
import dev.turnout.queue.NewTurn;
import dev.turnout.queue.TurnView;
import dev.turnout.routing.BackendRouter;
import dev.turnout.session.BackendMemories;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.settings.Settings;
import dev.turnout.telemetry.Telemetry;
import dev.turnout.testing.QueueFixture;
import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.SettableClock;
import dev.turnout.testing.TestDatabase;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.UUID;

/** One replica with workers, over a test database and a scripted backend. */
final class WorkerFixture implements AutoCloseable {
  final QueueFixture q;
  final ScriptedBackend backend;
  final WorkerPool pool;
  final Cooldowns cooldowns;
  final FaultDrills drills;
  private final News news;
  final RunningTurns running = new RunningTurns();
  final SettableClock clock = new SettableClock();
  final String home = "home-" + UUID.randomUUID();

  WorkerFixture(TestDatabase database, ScriptedBackend backend, Settings settings) {
    this(database, backend, backend, () -> settings);
  }

  /** With settings that change while it runs. */
  WorkerFixture(TestDatabase database, ScriptedBackend backend, CurrentSettings settings) {
    this(database, backend, backend, settings);
  }

  /** With backends that are not scripted. */
  WorkerFixture(TestDatabase database, BackendProvider provider, Settings settings) {
    this(database, new ScriptedBackend(), provider, () -> settings);
  }

  /** With both. */
  WorkerFixture(TestDatabase database, BackendProvider provider, CurrentSettings settings) {
    this(database, new ScriptedBackend(), provider, settings);
  }

  private WorkerFixture(
      TestDatabase database,
      ScriptedBackend backend,
      BackendProvider provider,
      CurrentSettings settings) {
    this.backend = backend;
    this.q = new QueueFixture(database, clock);
    this.cooldowns = new Cooldowns(database.dataSource(""), clock);
    cooldowns.start();
    news = new News(database.dataSource(""));
    drills = new FaultDrills(database.dataSource(""), clock, news);
    drills.start();
    var router =
        new BackendRouter(
            Backends.of(provider),
            new BackendMemories(database.dataSource(""), clock),
            cooldowns,
            new DecisionLog(database.dataSource("")),
            drills,
            clock);
    this.pool =
        new WorkerPool(
            q.queue,
            q.replicas,
            q.signals,
            q.words,
            q.timers,
            q.history,
            q.events,
            router,
            running,
            settings,
            new Telemetry(new SimpleMeterRegistry(), settings, clock),
            clock);
  }

  WorkerFixture start(Duration lease) {
    pool.start(new ReplicaHome(home, "test", 1, lease));
    return this;
  }

  TurnId submit(NewTurn turn) throws InterruptedException {
    q.admit(turn);
    return turn.id();
  }

  /** The turn's last event, when it has ended in whatever way. */
  TurnEvent end(TurnId turn) throws InterruptedException {
    try (var news = q.bell.listen(turn)) {
      while (true) {
        var view = q.view(turn);
        if (view.state().isTerminal()) {
          return view.last().orElseThrow().event();
        }
        news.await(Duration.ofMillis(50));
      }
    }
  }

  /** Submits it, and answers how it ended. */
  TurnEvent run(NewTurn turn) throws InterruptedException {
    return end(submit(turn));
  }

  /** The same turn, for which its caller chose this, in this lane. */
  static NewTurn chosen(NewTurn turn, RouteChoice choice, String lane) {
    return new NewTurn(
        turn.id(),
        turn.session(),
        turn.agent(),
        choice,
        new LaneId(lane),
        turn.priority(),
        turn.recovery(),
        turn.mode(),
        turn.input(),
        turn.metadata(),
        turn.notBefore(),
        turn.expiresAt(),
        turn.cap(),
        turn.idempotency());
  }

  /** Returns when the run of this turn has been told to end. */
  void awaitSignalled(TurnId turn) {
    while (!running.isStopped(turn)) {
      Thread.onSpinWait();
    }
  }

  /** The turn when it is in this state. */
  TurnView await(TurnId turn, TurnState state) throws InterruptedException {
    try (var news = q.bell.listen(turn)) {
      while (true) {
        var view = q.view(turn);
        if (view.state() == state) {
          return view;
        }
        if (view.state().isTerminal()) {
          throw new AssertionError(
              "turn ended as " + view.state() + ": " + view.last().map(e -> e.json()));
        }
        news.await(Duration.ofMillis(50));
      }
    }
  }

  @Override
  public void close() {
    backend.release();
    try {
      pool.drain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    drills.stop();
    news.stop();
    cooldowns.stop();
    q.close();
  }
}
