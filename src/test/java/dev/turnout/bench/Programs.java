package dev.turnout.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The programs that Turnout is measured beside. Each is a process of its own, bounded in time. */
final class Programs {
  private static final long PATIENCE_SECONDS = 60;
  private static final Pattern TPS = Pattern.compile("(?m)^tps = ([0-9.]+)");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BenchDatabase database;
  private final Path scratch;
  private final Path peers;

  Programs(BenchDatabase database, Path scratch) {
    this.database = database;
    this.scratch = scratch;
    this.peers = scratch.resolve("peers");
  }

  /** pgbench of a PostgreSQL installation, if one is found. */
  Optional<Path> pgbench() {
    var onPath =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .map(directory -> Path.of(directory, "pgbench"));
    return Stream.concat(onPath, installations()).filter(Files::isExecutable).findFirst();
  }

  private static Stream<Path> installations() {
    var root = Path.of("/usr/lib/postgresql");
    if (!Files.isDirectory(root)) {
      return Stream.empty();
    }
    try (var versions = Files.list(root)) {
      return versions
          .map(version -> version.resolve("bin/pgbench"))
          .sorted(java.util.Comparator.reverseOrder())
          .toList()
          .stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  /** Whether `bench/run` has installed the peers. */
  boolean hasPeers() {
    return Files.isExecutable(node());
  }

  private Path node() {
    return peers.resolve("node_modules/node/bin/node");
  }

  /**
   * Commits of one inserted row each.
   *
   * @return commits a second, and what one cost
   */
  Rate inserts(Path pgbench, int clients, int seconds) throws IOException, InterruptedException {
    database.truncateInserts();
    var script = scratch.resolve("insert.sql");
    // One row as long as a turn's input.
    Files.writeString(
        script,
        "\\set session random(1, 10000)\n"
            + "insert into line (session, body) values (:session, '"
            + Load.TEXT
            + "');\n");
    var address = database.address("bench_inserts");
    double used = -database.micros() - Processor.microsOfChildren();
    var out =
        run(
            List.of(
                pgbench.toString(),
                "-n",
                "-M",
                "prepared",
                "-h",
                address.getHost(),
                "-p",
                Integer.toString(address.getPort()),
                "-U",
                database.user(),
                "-c",
                Integer.toString(clients),
                "-j",
                "2",
                "-T",
                Integer.toString(seconds),
                "-f",
                script.toString(),
                "bench_inserts"),
            Map.of("PGPASSWORD", database.password()));
    var found = TPS.matcher(out);
    if (!found.find()) {
      throw new IOException("pgbench said no rate:\n" + out);
    }
    used += database.micros() + Processor.microsOfChildren();
    double perSecond = Double.parseDouble(found.group(1));
    return new Rate(perSecond, used / (perSecond * seconds), java.util.OptionalDouble.empty());
  }

  /** Runs one mode of a peer's script; it answers one line of JSON. */
  JsonNode peer(String name, String mode, Map<String, Integer> options)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(node().toString(), name + ".mjs", mode));
    options.forEach((key, value) -> command.add("--" + key + "=" + value));
    var address = database.address("bench_" + name);
    database.postmaster().ifPresent(server -> command.add("--postmaster=" + server.pid()));
    var out =
        run(
            command,
            Map.of(
                "PGHOST", address.getHost(),
                "PGPORT", Integer.toString(address.getPort()),
                "PGDATABASE", "bench_" + name,
                "PGUSER", database.user(),
                "PGPASSWORD", database.password()));
    return JSON.readTree(out.lines().reduce("", (_, last) -> last));
  }

  private String run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    var log = Files.createTempFile(scratch, "program", ".err");
    var builder = new ProcessBuilder(command).directory(peersOrHere()).redirectError(log.toFile());
    builder.environment().putAll(environment);
    var process = builder.start();
    var killer =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                      process.destroyForcibly();
                    }
                  } catch (InterruptedException e) {
                    process.destroyForcibly();
                  }
                });
    try (var out = process.inputReader()) {
      var text = String.join("\n", out.readAllLines());
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(
            command.getFirst() + " ended with " + code + ": " + Files.readString(log) + text);
      }
      return text;
    } finally {
      killer.interrupt();
      process.destroyForcibly();
      Files.deleteIfExists(log);
    }
  }

  private java.io.File peersOrHere() {
    return (Files.isDirectory(peers) ? peers : scratch).toFile();
  }
}
