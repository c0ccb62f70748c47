package dev.turnout.bench;

import dev.turnout.backend.AttemptRequest;
import dev.turnout.turn.SessionId;
import dev.turnout.worker.LoadedReplica;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What a turn costs when few wait and when many do. */
final class Backlog {
  /** A line of ten turns in each conversation. */
  private static final int TURNS_A_SESSION = 10;

  private static final int CALLERS = 256;
  private static final int WIDTH = 64;
  private static final int CUT_SECONDS = 6;

  private final Plan plan;
  private final BenchDatabase database;
  private final Programs programs;
  private final Figures figures;
  private final int drain;

  Backlog(Plan plan, BenchDatabase database, Programs programs, Figures figures) {
    this.plan = plan;
    this.database = database;
    this.programs = programs;
    this.figures = figures;
    this.drain = Math.min(10_000, plan.waiting().getFirst());
  }

  void measure() throws Exception {
    int few = plan.waiting().getFirst();
    int many = plan.waiting().getLast();
    turnout(few); // until the code is compiled
    for (int round = 1; round <= Math.min(plan.rounds(), 3); round++) {
      System.out.println("turns that wait, round " + round);
      for (int waiting : plan.waiting()) {
        turnout(waiting).add(figures, name("Turnout", waiting), "turns/s");
      }
      for (int waiting : plan.waiting()) {
        if (plan.peers()) {
          peer("graphile", waiting).add(figures, name("graphile-worker", waiting), "jobs/s");
          peer("pgboss", waiting).add(figures, name("pg-boss", waiting), "jobs/s");
        }
      }
    }
    figures.ratioGoal(
        "time of a turn, " + many + " waiting to " + few + " waiting",
        name("Turnout", few),
        name("Turnout", many),
        1.2,
        false);
    figures.ratioGoal(
        "processor time of a turn, " + many + " waiting to " + few + " waiting",
        Rate.processor(name("Turnout", many)),
        Rate.processor(name("Turnout", few)),
        1.2,
        false);
    figures.ratioGoal(
        "drain beside the faster keyed peer, " + many + " waiting",
        name("Turnout", many),
        java.util.List.of(name("graphile-worker", many), name("pg-boss", many)),
        3,
        true);
  }

  private static String name(String who, int waiting) {
    return "drain by " + who + ", " + waiting + " waiting";
  }

  private Rate peer(String name, int waiting) throws Exception {
    return Rate.of(
        programs.peer(
            name,
            "backlog",
            Map.of(
                "waiting",
                waiting,
                "drain",
                drain,
                "seconds",
                CUT_SECONDS,
                "sessions",
                sessions(waiting))));
  }

  private int sessions(int waiting) {
    return (waiting + drain) / TURNS_A_SESSION;
  }

  /** The turns of each session were submitted one after the other, so that their order is known. */
  private Rate turnout(int waiting) throws Exception {
    database.resetTurnout(sessions(waiting));
    var sessions = database.sessions(sessions(waiting));
    var order = new Order();
    var drained = new CountDownLatch(drain);
    try (var replica =
        new LoadedReplica(
            database::pool,
            WIDTH,
            request -> {
              order.started(request);
              drained.countDown();
            })) {
      fill(replica, sessions);
      database.execute("bench_turnout", "vacuum (analyze) turnout.session_line", "checkpoint");
      var watch = Rate.watch(database);
      replica.start();
      if (!drained.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException(drained.getCount() + " turns did not start in a minute");
      }
      var rate = watch.stop(drain);
      if (order.broken() > 0) {
        throw new IllegalStateException(order.broken() + " turns ran out of their order");
      }
      return rate;
    } finally {
      database.closePools();
    }
  }

  private static void fill(LoadedReplica replica, long[] sessions) throws Exception {
    var next = new AtomicInteger();
    var threads = new java.util.ArrayList<Thread>();
    var failure = new java.util.concurrent.atomic.AtomicReference<Exception>();
    for (int caller = 0; caller < CALLERS * 4; caller++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int i = next.getAndIncrement();
                          i < sessions.length;
                          i = next.getAndIncrement()) {
                        var session = new long[] {sessions[i]};
                        for (int rank = 1; rank <= TURNS_A_SESSION; rank++) {
                          Turns.admitted(replica.queue.admit(Load.ranked(session, rank)));
                        }
                      }
                    } catch (InterruptedException | RuntimeException e) {
                      failure.set(e);
                    }
                  }));
    }
    for (var thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  /** Sees turns that start before an earlier one of their session. */
  private static final class Order {
    private final Map<SessionId, AtomicLong> last = new ConcurrentHashMap<>();
    private final AtomicLong broken = new AtomicLong();

    void started(AttemptRequest request) {
      long rank = Load.rank(request.prompt());
      var before = last.computeIfAbsent(request.session(), _ -> new AtomicLong());
      if (!before.compareAndSet(rank - 1, rank)) {
        broken.incrementAndGet();
      }
    }

    long broken() {
      return broken.get();
    }
  }
}
