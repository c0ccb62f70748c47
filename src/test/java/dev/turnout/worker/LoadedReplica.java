package dev.turnout.worker;

import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.Backend;
import dev.turnout.backend.BackendProvider;
import dev.turnout.backend.BackendRuntime;
import dev.turnout.backend.Backends;
import dev.turnout.backend.EventSink;
import dev.turnout.cooldown.Cooldowns;
import dev.turnout.decision.DecisionLog;
import dev.turnout.drill.FaultDrills;
import dev.turnout.events.EventLog;
import dev.turnout.events.TurnBell;
import dev.turnout.news.News;
import dev.turnout.queue.QueueDatabase;
import dev.turnout.queue.Replicas;
import dev.turnout.queue.RunSignals;
import dev.turnout.queue.RunWords;
import dev.turnout.queue.TurnHistory;
import dev.turnout.queue.TurnQueue;
import dev.turnout.queue.TurnTimers;
import dev.turnout.routing.BackendRouter;
import dev.turnout.session.BackendMemories;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.QueueSettings;
import dev.turnout.settings.Settings;
import dev.turnout.telemetry.Telemetry;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.Answer;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.Usage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * The whole engine of one replica, wired as the application wires it, over a backend that answers
 * at once: what is left is the cost of Turnout itself.
 */
public final class LoadedReplica implements AutoCloseable {
  /** Longer than any measurement: a machine under load must not look dead. */
  private static final Duration LEASE = Duration.ofMinutes(10);

  public final TurnQueue queue;
  private final EventLog events;
  private final WorkerPool pool;

  /** Opens connections; the options are those that {@link QueueDatabase} wants, or none. */
  public interface Pools {
    DataSource open(String options) throws SQLException;
  }

  /**
   * A replica that does not run turns yet.
   *
   * @param width how many sessions it runs at once
   * @param onStart hears of each turn as the backend is called
   */
  public LoadedReplica(Pools pools, int width, Consumer<AttemptRequest> onStart)
      throws SQLException {
    var clock = Clock.systemUTC();
    var bell = new TurnBell();
    var pinned = pools.open(QueueDatabase.OPTIONS);
    var plain = pools.open("");
    queue = new TurnQueue(pinned, bell, clock);
    events = new EventLog(plain, bell, clock);
    var settings = settings(width);
    pool =
        new WorkerPool(
            queue,
            new Replicas(plain),
            new RunSignals(plain),
            new RunWords(plain, bell, queue, clock),
            new TurnTimers(pinned, queue, bell, clock),
            new TurnHistory(plain),
            events,
            new BackendRouter(
                Backends.of(new NoOp(onStart)),
                new BackendMemories(plain, clock),
                new Cooldowns(plain, clock),
                new DecisionLog(plain),
                new FaultDrills(plain, clock, new News(plain)),
                clock),
            new RunningTurns(),
            () -> settings,
            new Telemetry(new SimpleMeterRegistry(), () -> settings, clock),
            clock);
  }

  /** As in tests, but what runs may end before the replica does. */
  private static Settings settings(int width) {
    var base =
        TestSettings.settings(
            List.of(new Candidate(new BackendId("noop"), Optional.empty(), Optional.empty())),
            width,
            TestSettings.cli("noop", "noop"));
    return new Settings(
        base.revision(),
        base.defaultAgent(),
        base.agents(),
        base.backends(),
        base.authProfiles(),
        base.lanes(),
        new QueueSettings(1_000_000, 1 << 20, 3, 8, Duration.ofSeconds(10)),
        base.fallback(),
        base.decisions());
  }

  /** From now on it runs turns. */
  public LoadedReplica start() {
    pool.start(
        new ReplicaHome(
            "bench-" + UUID.randomUUID(), "bench", ProcessHandle.current().pid(), LEASE));
    return this;
  }

  private record NoOp(Consumer<AttemptRequest> onStart) implements BackendProvider, Backend {
    private static final AttemptResult ANSWER =
        new AttemptResult.Answered(
            new Answer("The parts will be here on Monday.", Usage.UNKNOWN), Optional.empty());

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
      onStart.accept(request);
      return ANSWER;
    }
  }

  @Override
  public void close() {
    try {
      pool.drain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    queue.stop();
    events.stop();
  }
}
