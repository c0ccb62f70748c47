package dev.turnout.bench;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures Turnout beside its peers in one run, on one server, in alternating rounds; {@code
 * bench/run} starts it. What it says is meant as ratios: they stay when the machine is another.
 */
public final class Bench {
  private final Plan plan;
  private final Path scratch;
  private final Figures figures = new Figures();

  private Bench(Plan plan, Path scratch) {
    this.plan = plan;
    this.scratch = scratch;
  }

  public static void main(String... args) throws Exception {
    Plan plan;
    try {
      plan = Plan.read(List.of(args));
    } catch (Plan.Wrong e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    var scratch = Files.createDirectories(Path.of("target", "bench").toAbsolutePath());
    try (var file = FileChannel.open(scratch.resolve("lock"), CREATE, WRITE);
        var lock = file.tryLock()) {
      if (lock == null) {
        System.err.println("another bench runs in " + scratch);
        System.exit(3);
      }
      new Bench(plan, scratch).run();
    }
    System.exit(0);
  }

  private void run() throws Exception {
    long before = System.nanoTime();
    try (var database = BenchDatabase.open(scratch, System.getenv(), plan.statements())) {
      var programs = new Programs(database, scratch);
      if (plan.peers() && !programs.hasPeers()) {
        throw new IOException("the peers are not installed; bench/run does it, or --no-peers");
      }
      var circumstances = circumstances(database, programs);
      measure(database, programs);
      circumstances.put("took", (System.nanoTime() - before) / 1_000_000_000 + " s");
      circumstances.put("load average at the end", load());
      new Report(circumstances, figures).write(scratch);
    }
  }

  private void measure(BenchDatabase database, Programs programs) throws Exception {
    var admission = new Admission(plan, database, programs, figures);
    var start = new StartLatency(plan, database, programs, figures);
    if (plan.has("admission") || plan.has("start")) {
      try (var turnout = TurnoutProcess.start(database, scratch, "turnout", false)) {
        figures.add("./run until ready, its database there", "s", turnout.readySeconds());
        if (plan.has("admission")) {
          admission.overHttp(turnout);
          statements(database, "admission");
          figures.add("resident memory after it", "MB", turnout.residentMegabytes());
        }
        if (plan.has("start")) {
          start.overHttp(turnout, scratch);
        }
      }
    }
    if (plan.has("start")) {
      start.inTheEngine();
      statements(database, "start");
    }
    if (plan.has("engine")) {
      admission.inTheEngine();
      statements(database, "engine");
    }
    if (plan.has("turns")) {
      new Turns(plan, database, programs, figures).measure();
      statements(database, "turns");
    }
    if (plan.has("cooldowns")) {
      new CooldownSpread(plan, database, figures).measure();
      statements(database, "cooldowns");
    }
    if (plan.has("config")) {
      new ConfigSpread(plan, database, figures).measure();
      statements(database, "config");
    }
    if (plan.has("live")) {
      new LiveTurns(plan, database, scratch, figures).measure();
      statements(database, "live");
    }
    if (plan.has("backlog")) {
      new Backlog(plan, database, programs, figures).measure();
      statements(database, "backlog");
    }
  }

  private void statements(BenchDatabase database, String part) throws Exception {
    if (plan.statements()) {
      System.out.println("statements of: " + part);
      database.statements().forEach(line -> System.out.println("  " + line));
    }
  }

  private Map<String, Object> circumstances(BenchDatabase database, Programs programs)
      throws Exception {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    facts.put("revision", System.getenv().getOrDefault("BENCH_REVISION", "unknown"));
    facts.put("processor", grep("/proc/cpuinfo", "model name"));
    facts.put("cores", Runtime.getRuntime().availableProcessors());
    facts.put("memory", grep("/proc/meminfo", "MemTotal"));
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("java", Runtime.version().toString());
    facts.put("peers", plan.peers() ? peers() : "not measured");
    facts.put("inserts by", programs.pgbench().map(Path::toString).orElse("JDBC"));
    facts.put("postgres", database.facts());
    facts.put("rounds", plan.rounds());
    facts.put("seconds a round", plan.span().toMillis() / 1e3);
    facts.put("load average at the start", load());
    return facts;
  }

  private static String peers() throws IOException {
    try (var lines = Files.lines(Path.of("bench/peers/package.json"))) {
      return String.join(
          " ",
          lines
              .filter(line -> line.matches("\\s+\"(graphile-worker|pg-boss|node)\".*"))
              .map(line -> line.replaceAll("[\",]", "").strip())
              .toList());
    }
  }

  private static String load() {
    try {
      return Files.readString(Path.of("/proc/loadavg")).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String grep(String file, String key) {
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
