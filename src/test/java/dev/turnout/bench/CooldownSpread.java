package dev.turnout.bench;

import dev.turnout.cooldown.Cooldowns;
import dev.turnout.cooldown.Standing;
import dev.turnout.cooldown.Way;
import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.LaneId;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** From the end of a failed attempt until another replica skips the candidate. */
final class CooldownSpread {
  private static final String NAME = "cooldown to rest, other replica";
  private static final Failure NO_MONEY = Failure.of(FailureReason.BILLING, "http.402", "402");
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  /** The listening begins within it; what is told before is found by the look at the table. */
  private static final int WARM_UP = 100;

  private final Plan plan;
  private final BenchDatabase database;
  private final Figures figures;

  CooldownSpread(Plan plan, BenchDatabase database, Figures figures) {
    this.plan = plan;
    this.database = database;
    this.figures = figures;
  }

  void measure() throws Exception {
    for (int round = 1; round <= plan.rounds(); round++) {
      System.out.println("cooldown to another replica, round " + round);
      database.resetTurnout(0);
      var latencies = round(round);
      figures.add(NAME + ", p50", "ms", latencies.millis(0.5));
      figures.add(NAME + ", p99", "ms", latencies.millis(0.99));
    }
    figures.goal(NAME + ", p99", 100, false);
  }

  private Latencies round(int round) throws Exception {
    var clock = Clock.systemUTC();
    var writes = new Cooldowns(database.pool(""), clock);
    var reads = new Cooldowns(database.pool(""), clock);
    writes.start();
    reads.start();
    try {
      var latencies = new Latencies();
      for (int i = -WARM_UP; i < plan.samples(); i++) {
        var way =
            new Way(
                "account-" + round + "-" + i, new BackendId("b"), "api", "m", new LaneId("user"));
        long before = System.nanoTime();
        writes.failed(way, NO_MONEY, clock.instant());
        while (reads.snapshot().standing(way, clock.instant()) instanceof Standing.Free) {
          if (System.nanoTime() - before > PATIENCE_NANOS) {
            throw new IllegalStateException("a cooldown did not arrive");
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
      writes.stop();
      reads.stop();
      database.closePools();
    }
  }
}
