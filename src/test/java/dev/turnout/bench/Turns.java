package dev.turnout.bench;

import dev.turnout.queue.AdmissionResult;
import dev.turnout.turn.TurnId;
import dev.turnout.worker.LoadedReplica;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whole turns: admitted, run by a backend that answers at once, settled. */
final class Turns {
  private static final String TURNOUT = "whole turns, 256 callers";
  private static final String GRAPHILE = "graphile-worker, queueName, 256 callers";
  private static final String PGBOSS = "pg-boss, key_strict_fifo, 256 callers";

  private static final int CALLERS = 256;
  private static final int SESSIONS = 1_000;
  private static final int WIDTH = 64;

  private final Plan plan;
  private final BenchDatabase database;
  private final Programs programs;
  private final Figures figures;

  Turns(Plan plan, BenchDatabase database, Programs programs, Figures figures) {
    this.plan = plan;
    this.database = database;
    this.programs = programs;
    this.figures = figures;
  }

  void measure() throws Exception {
    // Until the code is compiled, or so it may be on a machine that has other work too.
    double done = 0;
    for (int times = 0; times < 8 && done < plan.requests(); times++) {
      done += turnout(plan.warmUp()).perSecond() * plan.warmUp().toMillis() / 1e3;
    }
    System.out.printf("ran %.0f turns before the first round%n", done);
    for (int round = 1; round <= plan.rounds(); round++) {
      System.out.println("whole turns, round " + round);
      turnout(plan.span()).add(figures, TURNOUT, "turns/s");
      if (plan.peers()) {
        peer("graphile").add(figures, GRAPHILE, "jobs/s");
        peer("pgboss").add(figures, PGBOSS, "jobs/s");
      }
    }
    for (var peer : List.of(GRAPHILE, PGBOSS)) {
      figures.ratio(
          "processor time of " + peer + " to a whole turn",
          Rate.processor(peer),
          Rate.processor(TURNOUT));
    }
    figures.ratioGoal(
        "whole turns to the faster keyed peer", TURNOUT, List.of(GRAPHILE, PGBOSS), 3, true);
  }

  private Rate peer(String name) throws Exception {
    return Rate.of(
        programs.peer(
            name,
            "turns",
            Map.of(
                "clients",
                CALLERS,
                "seconds",
                Math.max(1, (int) plan.span().toSeconds()),
                "sessions",
                SESSIONS)));
  }

  /** Each caller submits its next turn when its last one has started; ends when all are settled. */
  private Rate turnout(Duration span) throws Exception {
    database.resetTurnout(SESSIONS);
    var sessions = database.sessions(SESSIONS);
    var starts = new ConcurrentHashMap<TurnId, CountDownLatch>();
    try (var replica =
        new LoadedReplica(database::pool, WIDTH, request -> started(starts.remove(request.turn())))
            .start()) {
      var watch = Rate.watch(database);
      var submitted =
          Load.closedLoop(
              Thread.ofVirtual().factory(),
              CALLERS,
              span,
              () -> 0,
              _ ->
                  () -> {
                    var turn = Load.turn(sessions);
                    var started = new CountDownLatch(1);
                    starts.put(turn.id(), started);
                    admitted(replica.queue.admit(turn));
                    if (!started.await(30, TimeUnit.SECONDS)) {
                      throw new IllegalStateException("a turn did not start");
                    }
                  });
      awaitSettled();
      var rate = watch.stop(submitted.latencies().size());
      mustHold();
      return rate;
    } finally {
      database.closePools();
    }
  }

  private static void started(@org.jspecify.annotations.Nullable CountDownLatch latch) {
    if (latch != null) {
      latch.countDown();
    }
  }

  private void awaitSettled() throws Exception {
    while (database
            .number("bench_turnout", "select coalesce(sum(pending), 0) from turnout.session_line")
            .orElseThrow()
        > 0) {
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  /** A fast queue that breaks its word has not been measured. */
  private void mustHold() throws Exception {
    long broken =
        database
            .number("bench_turnout", "select sum(n)::bigint from turnout.violations")
            .orElseThrow();
    if (broken > 0) {
      throw new IllegalStateException("turnout.violations counts " + broken);
    }
  }

  static void admitted(AdmissionResult result) {
    if (!(result instanceof AdmissionResult.Admitted)) {
      throw new IllegalStateException("not admitted: " + result);
    }
  }
}
