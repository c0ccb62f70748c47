package dev.turnout.telemetry;

import dev.turnout.livesession.LiveObserver;
import dev.turnout.livesession.LiveState;
import dev.turnout.turn.BackendId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts living processes of this replica, their beginnings and their ends. */
@ApplicationScoped
public class LiveMeters implements LiveObserver {
  /** Where the buckets of a start end: a process of ours, a CLI, one that has much to load. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(100),
    Duration.ofMillis(300),
    Duration.ofSeconds(1),
    Duration.ofSeconds(3),
    Duration.ofSeconds(10)
  };

  private final MeterRegistry registry;
  private final Map<Tags, AtomicInteger> standing = new ConcurrentHashMap<>();
  private final Map<Tags, AtomicInteger> survivors = new ConcurrentHashMap<>();

  @Inject
  public LiveMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void moved(BackendId backend, Optional<LiveState> from, LiveState to) {
    var name = Tags.of("backend", backend.value());
    if (from.isEmpty()) {
      count(Metric.LIVE_STARTS, name);
      // Shown as zero from the first start: what comes to be with the trouble raises no alarm.
      var _ = survivors(name);
    }
    from.ifPresent(before -> standing(name, before).decrementAndGet());
    switch (to) {
      case LiveState.Closed(var why, _) ->
          count(Metric.LIVE_CLOSES, name.and("reason", why.code()));
      case LiveState.Busy busy -> {
        standing(name, to).incrementAndGet();
        from.filter(before -> before instanceof LiveState.Starting)
            .ifPresent(before -> ready(name, Duration.between(before.since(), busy.since())));
      }
      case LiveState.Warm(var greeted, var since) -> {
        standing(name, to).incrementAndGet();
        from.filter(_ -> greeted)
            .ifPresent(before -> ready(name, Duration.between(before.since(), since)));
      }
      case LiveState.Starting _, LiveState.Ready _, LiveState.Draining _ ->
          standing(name, to).incrementAndGet();
    }
  }

  private void ready(Tags name, Duration took) {
    Timer.builder(Metric.LIVE_READY.meter())
        .description(Metric.LIVE_READY.help())
        .tags(name)
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(took);
  }

  @Override
  public void turn(BackendId backend, Got process) {
    count(Metric.LIVE_TURNS, Tags.of("backend", backend.value(), "process", process.code()));
  }

  @Override
  public void survived(BackendId backend, int change) {
    survivors(Tags.of("backend", backend.value())).addAndGet(change);
  }

  private AtomicInteger survivors(Tags name) {
    return survivors.computeIfAbsent(name, tags -> gauge(Metric.LIVE_SURVIVORS, tags));
  }

  private AtomicInteger standing(Tags name, LiveState state) {
    return standing.computeIfAbsent(
        name.and("state", state.code()), tags -> gauge(Metric.LIVE_PROCESSES, tags));
  }

  private AtomicInteger gauge(Metric metric, Tags tags) {
    var number = new AtomicInteger();
    Gauge.builder(metric.meter(), number, AtomicInteger::get)
        .description(metric.help())
        .tags(tags)
        .register(registry);
    return number;
  }

  private void count(Metric metric, Tags tags) {
    Counter.builder(metric.meter())
        .description(metric.help())
        .tags(tags)
        .register(registry)
        .increment();
  }
}
