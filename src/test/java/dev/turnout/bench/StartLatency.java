package dev.turnout.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.turn.TurnId;
import dev.turnout.worker.LoadedReplica;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** From the submission of a turn until its backend is called, on an idle session. */
final class StartLatency {
  private static final String SAME = "submit to start, same replica";
  private static final String OTHER = "submit to start, other replica";
  private static final String HTTP_SAME = "POST to start, same replica";
  private static final String HTTP_OTHER = "POST to start, other replica";

  private static final int SESSIONS = 10_000;
  private static final int WIDTH = 64;
  private static final int WARM_UP = 300;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Plan plan;
  private final BenchDatabase database;
  private final Programs programs;
  private final Figures figures;

  StartLatency(Plan plan, BenchDatabase database, Programs programs, Figures figures) {
    this.plan = plan;
    this.database = database;
    this.programs = programs;
    this.figures = figures;
  }

  /** With the engine called in its own process, beside the peers, called in theirs. */
  void inTheEngine() throws Exception {
    for (int round = 1; round <= plan.rounds(); round++) {
      System.out.println("submit to start, round " + round);
      add(SAME, engine(true));
      add(OTHER, engine(false));
      if (plan.peers()) {
        peer("graphile", "enqueue to start, graphile-worker");
        peer("pgboss", "enqueue to start, pg-boss with notify");
      }
    }
    figures.goal(SAME + ", p50", 1, false);
    figures.goal(OTHER + ", p50", 5, false);
  }

  private void add(String name, Latencies latencies) {
    figures.add(name + ", p50", "ms", latencies.millis(0.5));
    figures.add(name + ", p99", "ms", latencies.millis(0.99));
  }

  private void peer(String peer, String name) throws Exception {
    var said =
        programs.peer(peer, "latency", Map.of("samples", plan.samples(), "sessions", SESSIONS));
    figures.add(name + ", p50", "ms", said.get("p50").asDouble());
    figures.add(name + ", p99", "ms", said.get("p99").asDouble());
  }

  private record Expected(TurnId turn, CountDownLatch started, AtomicLong at) {}

  private Latencies engine(boolean sameReplica) throws Exception {
    database.resetTurnout(SESSIONS);
    var sessions = database.sessions(SESSIONS);
    var expected = new AtomicReference<Expected>();
    try (var runs =
            new LoadedReplica(
                    database::pool,
                    WIDTH,
                    request -> {
                      long now = System.nanoTime();
                      var waited = expected.get();
                      if (waited != null && waited.turn.equals(request.turn())) {
                        waited.at.set(now);
                        waited.started.countDown();
                      }
                    })
                .start();
        var onlyAdmits = new LoadedReplica(database::pool, 0, _ -> {})) {
      var door = sameReplica ? runs : onlyAdmits;
      var latencies = new Latencies();
      for (int i = -WARM_UP; i < plan.samples(); i++) {
        var turn = Load.turn(sessions);
        var waited = new Expected(turn.id(), new CountDownLatch(1), new AtomicLong());
        expected.set(waited);
        long before = System.nanoTime();
        Turns.admitted(door.queue.admit(turn));
        if (!waited.started.await(10, TimeUnit.SECONDS)) {
          throw new IllegalStateException("a turn did not start");
        }
        if (i >= 0) {
          latencies.add(waited.at.get() - before);
        }
        // Apart from each other, so that each meets an idle queue.
        TimeUnit.MICROSECONDS.sleep(2_000 + ThreadLocalRandom.current().nextInt(3_000));
      }
      return latencies;
    } finally {
      database.closePools();
    }
  }

  /**
   * Over HTTP: until the start that the turn itself tells. The two times are read from one clock in
   * two processes.
   */
  void overHttp(TurnoutProcess onlyAdmits, Path scratch) throws Exception {
    database.resetTurnout(SESSIONS);
    try (var runs = TurnoutProcess.start(database, scratch, "turnout-worker", true)) {
      for (int round = 0; round <= plan.rounds(); round++) {
        boolean warm = round > 0;
        System.out.println("POST to start, round " + round + (warm ? "" : " (not counted)"));
        var same = posts(runs);
        var other = posts(onlyAdmits);
        if (warm) {
          add(HTTP_SAME, same);
          add(HTTP_OTHER, other);
        }
      }
    }
    figures.goal(HTTP_SAME + ", p50", 1, false);
    figures.goal(HTTP_OTHER + ", p50", 5, false);
  }

  private Latencies posts(TurnoutProcess door) throws Exception {
    var latencies = new Latencies();
    try (var caller = door.caller()) {
      for (int i = 0; i < plan.samples() / 2; i++) {
        var before = Instant.now();
        var answer = caller.submit(SESSIONS);
        if (answer.status() != 202) {
          throw new IOException("not accepted: " + answer);
        }
        var id = JSON.readTree(answer.body()).get("id").asText();
        latencies.add(Duration.between(before, startOf(caller, id)).toNanos());
      }
    }
    return latencies;
  }

  private static Instant startOf(HttpCaller caller, String id) throws Exception {
    for (int tries = 0; tries < 1_000; tries++) {
      TimeUnit.MILLISECONDS.sleep(10);
      JsonNode started = JSON.readTree(caller.get("/v1/turns/" + id).body()).get("startedAt");
      if (started != null && !started.isNull()) {
        return Instant.parse(started.asText());
      }
    }
    throw new IOException("turn " + id + " did not start");
  }
}
