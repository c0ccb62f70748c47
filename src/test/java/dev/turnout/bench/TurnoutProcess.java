package dev.turnout.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The packaged application in a process of its own, started as a user starts it. */
final class TurnoutProcess implements AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);

  /** Made up for the run; the database that knows it goes with the run. */
  private static final String KEY = "bench-key-of-this-run-only-" + Load.randomId();

  private final Process process;
  private final int port;
  private final double readySeconds;

  /** One agent whose backend is a process that answers at once. */
  private static final String ECHO =
      """
      turnout:
        default-agent: echo
        agents:
          echo:
            chain: [{backend: echo}]
        backends:
          echo: {kind: command, command: /bin/echo, args: [done], prompt: stdin}
        queue:
          session-cap: 1000000
          drain-grace: 1s
      """;

  private TurnoutProcess(Process process, int port, double readySeconds) {
    this.process = process;
    this.port = port;
    this.readySeconds = readySeconds;
  }

  /**
   * Starts one and waits until it is ready.
   *
   * @param worker whether it runs turns, or only accepts them
   */
  static TurnoutProcess start(BenchDatabase database, Path scratch, String name, boolean worker)
      throws IOException, InterruptedException {
    return start(database, scratch, name, worker, ECHO, Map.of());
  }

  /** The same with this configuration, and with more in its environment. */
  static TurnoutProcess start(
      BenchDatabase database,
      Path scratch,
      String name,
      boolean worker,
      String settings,
      Map<String, String> environment)
      throws IOException, InterruptedException {
    var home = Files.createDirectories(scratch.resolve(name));
    Files.writeString(home.resolve("turnout.yaml"), settings);
    int port = freePort();
    var builder =
        new ProcessBuilder(
                List.of("./run", "--port", Integer.toString(port), "--data", home.toString()))
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "QUARKUS_DATASOURCE_JDBC_URL", database.url("bench_turnout"),
                "QUARKUS_DATASOURCE_USERNAME", database.user(),
                "QUARKUS_DATASOURCE_PASSWORD", database.password(),
                "TURNOUT_BOOTSTRAP_KEY", KEY,
                "TURNOUT_WORKER", Boolean.toString(worker)));
    builder.environment().putAll(environment);
    long start = System.nanoTime();
    var process = builder.start();
    // For a bench that is told to end in the middle.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    try {
      while (!isReady(port)) {
        if (!process.isAlive() || System.nanoTime() - start > PATIENCE_NANOS) {
          throw new IOException(
              "Turnout does not start:\n" + Files.readString(home.resolve("log")));
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (IOException | InterruptedException e) {
      process.destroy();
      throw e;
    }
    return new TurnoutProcess(process, port, (System.nanoTime() - start) / 1e9);
  }

  private static boolean isReady(int port) {
    try (var caller = new HttpCaller(port, KEY)) {
      return caller.get("/q/health/ready").status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  HttpCaller caller() throws IOException {
    return new HttpCaller(port, KEY);
  }

  /** For turns whose events are read as they come. */
  StreamCaller streams() {
    return new StreamCaller(port, KEY);
  }

  /** What it holds in memory after a collection of its garbage. */
  record Memory(double residentKilobytes, double heapKilobytes) {}

  /** Collects its garbage, twice: what waits for its end in the first is gone in the second. */
  Memory memory() throws IOException, InterruptedException {
    jcmd("GC.run");
    jcmd("GC.run");
    var used =
        Pattern.compile("used (\\d+)K")
            .matcher(jcmd("GC.heap_info").replaceAll("(?s)Metaspace.*", ""))
            .results()
            .mapToDouble(found -> Double.parseDouble(found.group(1)))
            .sum();
    return new Memory(residentMegabytes() * 1024, used);
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    var tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var asked =
        new ProcessBuilder(tool, Long.toString(process.pid()), command)
            .redirectErrorStream(true)
            .start();
    var said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (asked.waitFor() != 0) {
      throw new IOException(command + ": " + said);
    }
    return said;
  }

  /** From the call of `./run` until it said that it is ready. */
  double readySeconds() {
    return readySeconds;
  }

  /** Processor time that it has used. */
  double micros() {
    return Processor.microsOfTree(process.toHandle());
  }

  /** What it keeps in memory, in MB. */
  double residentMegabytes() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst()
          .orElseThrow();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
