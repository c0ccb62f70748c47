package dev.turnout.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.bench.DirectAgent.Protocol;
import dev.turnout.testing.FakeModelApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What Turnout adds to a turn of a living CLI, and what it keeps in memory for one. The same
 * program is driven with and without Turnout, in turn, and the figures of one round are compared.
 */
final class LiveTurns {
  private static final String PROMPT = "What is the state of the order 4711?";
  private static final int PROCESSES = 200;

  /** A demo agent is a small JVM; so much has to be free for each of them. */
  private static final long AGENT_MEGABYTES = 60;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Plan plan;
  private final BenchDatabase database;
  private final Path scratch;
  private final Figures figures;

  LiveTurns(Plan plan, BenchDatabase database, Path scratch, Figures figures) {
    this.plan = plan;
    this.database = database;
    this.scratch = scratch;
    this.figures = figures;
  }

  void measure() throws Exception {
    database.resetTurnout(0);
    try (var api = FakeModelApi.start()) {
      var claude = claude();
      var environment = new HashMap<>(Map.of("BENCH_FAKE_KEY", FakeModelApi.KEY));
      var config = config(claude, api);
      try (var turnout =
          TurnoutProcess.start(database, scratch, "turnout-live", true, config, environment)) {
        overhead(turnout, "demo", Protocol.DEMO);
        if (claude.isPresent()) {
          overhead(turnout, "claude", Protocol.CLAUDE);
        }
        firstChunk(turnout);
        oneShot(turnout);
      }
      memory(config, environment);
    }
    goals();
  }

  private void goals() {
    figures.goal(added("demo"), 3, false);
    figures.goal(added("claude"), 3, false);
    figures.goal("first chunk after the CLI printed it, p50", 5, false);
    figures.ratioGoal(
        "a process for each turn ÷ a living one",
        "turn with a process of its own, through Turnout, p50",
        through("demo"),
        8,
        true);
    figures.goal("memory of one more living process, resident", 300, false);
  }

  private static String added(String agent) {
    return "added to a later turn of " + agent + ", p50";
  }

  private static String through(String agent) {
    return "later turn of " + agent + " through Turnout, p50";
  }

  /** Real Claude Code, where it is installed. */
  private Optional<Path> claude() {
    var program = plan.claude().map(dir -> Path.of(dir, "node_modules/.bin/claude"));
    if (program.isEmpty()) {
      System.out.println("without real Claude Code: --claude=DIR names where it is installed");
    } else if (!Files.isExecutable(program.get())) {
      System.out.println("without real Claude Code: " + program.get() + " is not there");
      return Optional.empty();
    }
    return program.map(Path::toAbsolutePath);
  }

  private static String config(Optional<Path> claude, FakeModelApi api) {
    var agents =
        """
        turnout:
          default-agent: demo
          agents:
            demo:
              chain: [{backend: demo}]
            alone:
              chain: [{backend: alone}]
        %s
          backends:
            demo: {kind: demo, live: {enabled: true, capacity: 1000, max-turns: 1000000}}
            alone: {kind: demo, live: {enabled: false}}
        %s
          queue:
            drain-grace: 1s
        %s
        """;
    return claude
        .map(
            program ->
                agents.formatted(
                    "    claude:\n      chain:"
                        + " [{backend: claude, model: claude-fake, auth-profile: key}]",
                    "    claude: {kind: claude, command: "
                        + program
                        + ", live: {enabled: true, max-turns: 1000000}, environment:"
                        + " {ANTHROPIC_BASE_URL: '"
                        + api.uri()
                        + "', NO_PROXY: 127.0.0.1, no_proxy: 127.0.0.1}}",
                    "  auth-profiles:\n    key: {provider: anthropic, secret: 'env:BENCH_FAKE_KEY'}"))
        .orElseGet(() -> agents.formatted("", "", ""));
  }

  private void overhead(TurnoutProcess turnout, String agent, Protocol protocol) throws Exception {
    var caller = turnout.streams();
    var session = "live-" + agent;
    caller.turn(session, agent, PROMPT, (_, _) -> {});
    try (var direct = DirectAgent.like(pidOf(turnout, agent), protocol, scratch)) {
      for (int i = 0; i < warmUp(protocol); i++) {
        caller.turn(session, agent, PROMPT, (_, _) -> {});
        direct.turn(PROMPT);
      }
      for (int round = 1; round <= plan.rounds(); round++) {
        System.out.println("later turns of " + agent + ", round " + round);
        var alone = new Latencies();
        var through = new Latencies();
        for (int i = 0; i < plan.samples() / 2; i++) {
          // By turns within the round: what else the machine does harms both alike.
          alone.add(direct.turn(PROMPT));
          through.add(caller.turn(session, agent, PROMPT, (_, _) -> {}));
        }
        figures.add("later turn of " + agent + " driven directly, p50", "ms", alone.millis(0.5));
        figures.add(through(agent), "ms", through.millis(0.5));
        figures.add(through(agent).replace("p50", "p99"), "ms", through.millis(0.99));
        figures.add(added(agent), "ms", through.millis(0.5) - alone.millis(0.5));
      }
    }
  }

  /** A turn of a real agent takes so long that Turnout's share of it is compiled late. */
  private int warmUp(Protocol protocol) {
    return switch (protocol) {
      case DEMO -> plan.requests() / 20;
      case CLAUDE -> plan.requests() / 200;
    };
  }

  /** The agent says when it speaks; this process reads the same clock when it hears. */
  private void firstChunk(TurnoutProcess turnout) throws Exception {
    var caller = turnout.streams();
    for (int round = 1; round <= plan.rounds(); round++) {
      System.out.println("first chunk, round " + round);
      var latencies = new Latencies();
      for (int i = 0; i < plan.samples() / 2; i++) {
        var heard = new ArrayList<Long>();
        caller.turn(
            "live-demo",
            "demo",
            "stamp",
            (type, data) -> {
              if (type.equals("output") && heard.isEmpty()) {
                var printed =
                    Instant.parse(data.path("text").asText().lines().findFirst().orElseThrow());
                heard.add(Duration.between(printed, Instant.now()).toNanos());
              }
            });
        latencies.add(heard.getFirst());
      }
      figures.add("first chunk after the CLI printed it, p50", "ms", latencies.millis(0.5));
      figures.add("first chunk after the CLI printed it, p99", "ms", latencies.millis(0.99));
    }
  }

  private void oneShot(TurnoutProcess turnout) throws Exception {
    var caller = turnout.streams();
    for (int round = 1; round <= plan.rounds(); round++) {
      System.out.println("a process for each turn, round " + round);
      var latencies = new Latencies();
      for (int i = 0; i < Math.max(5, plan.samples() / 20); i++) {
        latencies.add(caller.turn("one-shot", "alone", PROMPT, (_, _) -> {}));
      }
      figures.add(
          "turn with a process of its own, through Turnout, p50", "ms", latencies.millis(0.5));
    }
  }

  /** On a fresh start of Turnout: what the turns before have left in memory is not counted. */
  private void memory(String config, Map<String, String> environment) throws Exception {
    int processes = Math.min(plan.samples(), PROCESSES);
    long free = freeMegabytes();
    if (free < processes * AGENT_MEGABYTES) {
      System.out.printf(
          "memory of living processes is not measured: %d of them need %d MB, and %d are free%n",
          processes, processes * AGENT_MEGABYTES, free);
      return;
    }
    System.out.println("memory of " + processes + " living processes");
    try (var turnout =
        TurnoutProcess.start(database, scratch, "turnout-many", true, config, environment)) {
      // As many turns as will follow, in few sessions: code is compiled, and pools are filled.
      turns(turnout, processes, 4);
      var before = turnout.memory();
      turns(turnout, processes, processes);
      turns(turnout, processes, processes);
      var after = turnout.memory();
      int more = living(turnout) - 4;
      if (more < processes - 4) {
        throw new IOException("only " + more + " more processes live");
      }
      figures.add("living processes", "", more);
      figures.add(
          "memory of one more living process, resident",
          "KB",
          (after.residentKilobytes() - before.residentKilobytes()) / more);
      figures.add(
          "memory of one more living process, Java heap",
          "KB",
          (after.heapKilobytes() - before.heapKilobytes()) / more);
    }
  }

  private static void turns(TurnoutProcess turnout, int count, int sessions) throws Exception {
    var caller = turnout.streams();
    try (var threads = Executors.newFixedThreadPool(4)) {
      var turns = new ArrayList<Future<Long>>();
      for (int i = 0; i < count; i++) {
        var session = "many-" + i % sessions;
        turns.add(threads.submit(() -> caller.turn(session, "demo", PROMPT, (_, _) -> {})));
      }
      for (var turn : turns) {
        turn.get(120, TimeUnit.SECONDS);
      }
    }
  }

  private static int living(TurnoutProcess turnout) throws IOException {
    int living = 0;
    for (var process : processes(turnout)) {
      living += process.path("state").asText().equals("ready") ? 1 : 0;
    }
    return living;
  }

  private static long pidOf(TurnoutProcess turnout, String backend) throws IOException {
    for (var process : processes(turnout)) {
      if (process.path("backend").asText().equals(backend) && process.has("pid")) {
        return process.get("pid").asLong();
      }
    }
    throw new IOException("no process of " + backend + " lives");
  }

  private static JsonNode processes(TurnoutProcess turnout) throws IOException {
    try (var caller = turnout.caller()) {
      return JSON.readTree(caller.get("/admin/v1/live-sessions").body()).path("items");
    }
  }

  private static long freeMegabytes() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/meminfo"), StandardCharsets.US_ASCII)) {
      return lines
          .filter(line -> line.startsWith("MemAvailable:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    }
  }
}
