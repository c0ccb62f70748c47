package dev.turnout.bench;

import dev.turnout.runtimeconfig.ConfigReplica;
import dev.turnout.runtimeconfig.WriteResult;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** From a patch on one replica until a turn that starts on another one would start with it. */
final class ConfigSpread {
  private static final String NAME = "config patch to its use, other replica";
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  /** The listening begins within it; what is told before is found by the look at the table. */
  private static final int WARM_UP = 50;

  private final Plan plan;
  private final BenchDatabase database;
  private final Figures figures;

  ConfigSpread(Plan plan, BenchDatabase database, Figures figures) {
    this.plan = plan;
    this.database = database;
    this.figures = figures;
  }

  void measure() throws Exception {
    for (int round = 1; round <= plan.rounds(); round++) {
      System.out.println("configuration to another replica, round " + round);
      database.resetTurnout(0);
      var latencies = round();
      figures.add(NAME + ", p50", "ms", latencies.millis(0.5));
      figures.add(NAME + ", p99", "ms", latencies.millis(0.99));
    }
    figures.goal(NAME + ", p99", 1_000, false);
  }

  private Latencies round() throws Exception {
    try (var writes = new ConfigReplica(database.pool(""), Map.of()).start();
        var reads = new ConfigReplica(database.pool(""), Map.of()).start()) {
      var latencies = new Latencies();
      for (int i = -WARM_UP; i < plan.samples(); i++) {
        var first = Duration.ofSeconds(1_000 + i);
        long before = System.nanoTime();
        var result =
            writes.patch("{cooldown: {billing: {first: '%ds'}}}".formatted(first.toSeconds()));
        if (!(result instanceof WriteResult.Written(var revision, _))) {
          throw new IllegalStateException("not written: " + result);
        }
        // What the router asks for when it takes a turn.
        while (reads.config.snapshot().revision() < revision.number()) {
          if (System.nanoTime() - before > PATIENCE_NANOS) {
            throw new IllegalStateException("a revision did not arrive");
          }
          // A watcher that spins would take one of two processors from what it watches.
          TimeUnit.MICROSECONDS.sleep(100);
        }
        if (i >= 0) {
          latencies.add(System.nanoTime() - before);
        }
        TimeUnit.MICROSECONDS.sleep(2_000 + ThreadLocalRandom.current().nextInt(3_000));
      }
      return latencies;
    } finally {
      database.closePools();
    }
  }
}
