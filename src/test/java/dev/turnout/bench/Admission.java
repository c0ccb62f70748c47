package dev.turnout.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How fast a turn is accepted, which means: committed, and said so. */
final class Admission {
  static final String INSERTS = "one-row inserts, 32 clients";
  private static final String HTTP = "admission over HTTP, 32 clients";
  private static final String ENGINE = "admission in the engine, 256 callers";

  private static final int HTTP_CLIENTS = 32;
  private static final int ENGINE_CALLERS = 256;

  /** As many conversations as a busy installation has going on. */
  private static final int SESSIONS = 10_000;

  private final Plan plan;
  private final BenchDatabase database;
  private final Programs programs;
  private final Figures figures;
  private final Optional<Path> pgbench;

  Admission(Plan plan, BenchDatabase database, Programs programs, Figures figures) {
    this.plan = plan;
    this.database = database;
    this.programs = programs;
    this.figures = figures;
    this.pgbench = programs.pgbench();
  }

  /** Over HTTP, beside inserts and the calls of the peers inside their own process. */
  void overHttp(TurnoutProcess turnout) throws Exception {
    database.resetTurnout(SESSIONS);
    warmUp(turnout);
    for (int round = 1; round <= plan.rounds(); round++) {
      System.out.println("admission over HTTP, round " + round);
      inserts().add(figures, INSERTS + " (beside HTTP)", "/s");
      database.resetTurnout(SESSIONS);
      double used = -database.micros();
      var posted = post(turnout, plan.span());
      used += database.micros();
      figures.add(HTTP, "turns/s", posted.perSecond());
      figures.add(HTTP + ", p50", "ms", posted.latencies().millis(0.5));
      figures.add(HTTP + ", p99", "ms", posted.latencies().millis(0.99));
      figures.add(HTTP + ", processor", "µs each", posted.microsEach());
      figures.add(
          HTTP + ", processor of the database", "µs each", used / posted.latencies().size());
      if (plan.peers()) {
        enqueue("graphile", "graphile-worker addJob, 32 in flight");
        enqueue("pgboss", "pg-boss send, 32 in flight");
      }
    }
    figures.goal(HTTP + ", p50", 4, false);
    figures.ratioGoal(
        "HTTP admission to the faster peer's call in its process",
        HTTP,
        List.of("graphile-worker addJob, 32 in flight", "pg-boss send, 32 in flight"),
        5,
        true);
    figures.ratio("HTTP admission to one-row inserts", HTTP, INSERTS + " (beside HTTP)");
    figures.ratio(
        "processor time of graphile-worker's call to HTTP admission",
        Rate.processor("graphile-worker addJob, 32 in flight"),
        Rate.processor(HTTP));
    figures.ratio(
        "processor time of pg-boss's call to HTTP admission",
        Rate.processor("pg-boss send, 32 in flight"),
        Rate.processor(HTTP));
  }

  /** A service is measured as it is when it has been up for a while: with its code compiled. */
  private void warmUp(TurnoutProcess turnout) throws Exception {
    int answered = 0;
    for (int times = 0; times < 10 && answered < plan.requests(); times++) {
      answered += post(turnout, plan.warmUp()).latencies().size();
    }
    System.out.println("answered " + answered + " requests before the first round");
  }

  private void enqueue(String peer, String name) throws Exception {
    var said =
        programs.peer(
            peer,
            "enqueue",
            Map.of(
                "clients",
                HTTP_CLIENTS,
                "seconds",
                Math.max(1, (int) plan.span().toSeconds()),
                "sessions",
                SESSIONS));
    figures.add(name, "jobs/s", said.get("perSecond").asDouble());
    figures.add(name + ", p50", "ms", said.get("p50").asDouble());
    figures.add(name + ", processor", "µs each", said.get("microsEach").asDouble());
  }

  private Load.Result post(TurnoutProcess turnout, Duration span) throws Exception {
    var callers = new ArrayList<HttpCaller>();
    try {
      return Load.closedLoop(
          Thread.ofPlatform().factory(),
          HTTP_CLIENTS,
          span,
          () -> turnout.micros() + database.micros(),
          _ -> {
            var caller = turnout.caller();
            callers.add(caller);
            return () -> {
              var answer = caller.submit(SESSIONS);
              if (answer.status() != 202) {
                throw new IOException("not accepted: " + answer);
              }
            };
          });
    } finally {
      for (var caller : callers) {
        caller.close();
      }
    }
  }

  /** Inside the engine: what HTTP, JSON and authentication are not part of. */
  void inTheEngine() throws Exception {
    engine(plan.warmUp());
    for (int round = 1; round <= plan.rounds(); round++) {
      System.out.println("admission in the engine, round " + round);
      inserts().add(figures, INSERTS, "/s");
      double used = -database.micros();
      var admitted = engine(plan.span());
      used += database.micros();
      figures.add(ENGINE, "turns/s", admitted.perSecond());
      figures.add(ENGINE + ", p50", "ms", admitted.latencies().millis(0.5));
      figures.add(ENGINE + ", p99", "ms", admitted.latencies().millis(0.99));
      figures.add(ENGINE + ", processor", "µs each", admitted.microsEach());
      figures.add(
          ENGINE + ", processor of the database", "µs each", used / admitted.latencies().size());
    }
    figures.ratioGoal("engine admission to one-row inserts", ENGINE, INSERTS, 3, true);
    figures.ratio(
        "processor time of an insert to engine admission",
        Rate.processor(INSERTS),
        Rate.processor(ENGINE));
  }

  private Load.Result engine(Duration span) throws Exception {
    database.resetTurnout(SESSIONS);
    var sessions = database.sessions(SESSIONS);
    // Not started: it admits and runs nothing.
    try (var replica = new dev.turnout.worker.LoadedReplica(database::pool, 0, _ -> {})) {
      return Load.closedLoop(
          Thread.ofVirtual().factory(),
          ENGINE_CALLERS,
          span,
          () -> Processor.micros() + database.micros(),
          _ -> () -> Turns.admitted(replica.queue.admit(Load.keyedTurn(sessions))));
    } finally {
      database.closePools();
    }
  }

  private Rate inserts() throws Exception {
    int seconds = Math.max(1, (int) plan.span().toSeconds());
    return pgbench.isPresent()
        ? programs.inserts(pgbench.get(), HTTP_CLIENTS, seconds)
        : Inserts.measure(database, HTTP_CLIENTS, Duration.ofSeconds(seconds));
  }
}
