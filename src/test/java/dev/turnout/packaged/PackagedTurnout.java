package dev.turnout.packaged;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.testing.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Turnout as it is shipped: a process of its own, started from the package, spoken to over HTTP.
 */
final class PackagedTurnout implements AutoCloseable {
  static final String KEY = "the-first-admin-key-of-the-tests";
  private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
  private static final Duration START = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final Process process;
  private final Path log;
  private URI uri = URI.create("http://127.0.0.1:0");

  private PackagedTurnout(Process process, Path log, HttpClient http) {
    this.process = process;
    this.log = log;
    this.http = http;
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param data its data directory, which holds its {@code turnout.yaml}
   */
  static PackagedTurnout start(TestDatabase database, Path data) throws IOException {
    return start(database, data, plain());
  }

  /** The same, spoken to by this client, which may know an authority and show a certificate. */
  static PackagedTurnout start(TestDatabase database, Path data, HttpClient http)
      throws IOException {
    return start(
        data,
        Map.of(
            "QUARKUS_DATASOURCE_JDBC_URL", database.url(),
            "QUARKUS_DATASOURCE_USERNAME", database.user(),
            "QUARKUS_DATASOURCE_PASSWORD", database.password()),
        http);
  }

  private static HttpClient plain() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  /** The same with the database that it brings along, in its data directory. */
  static PackagedTurnout startEmbedded(Path data) throws IOException {
    return start(data, Map.of(), plain());
  }

  private static PackagedTurnout start(Path data, Map<String, String> environment, HttpClient http)
      throws IOException {
    Files.deleteIfExists(data.resolve("turnout.url"));
    var log = Files.createTempFile(data, "log-", ".txt");
    var turnout = new PackagedTurnout(launch(data, environment, log), log, http);
    turnout.awaitReady(data.resolve("turnout.url"));
    return turnout;
  }

  /** Starts the process and waits for nothing. */
  static Process launch(Path data, Map<String, String> environment, Path log) throws IOException {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(JAR + " is not there: package first");
    }
    var command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-XX:+UseSerialGC",
                "-Xmx384m",
                "-jar",
                JAR.toString(),
                "--data",
                data.toString(),
                "--port",
                "0")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    command.environment().putAll(environment);
    command.environment().put("TURNOUT_BOOTSTRAP_KEY", KEY);
    return command.start();
  }

  private void awaitReady(Path address) {
    Awaitility.await("ready: " + log)
        .atMost(START)
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException("it ended:\n" + Files.readString(log));
              }
              return Files.exists(address) && !Files.readString(address).isBlank();
            });
    try {
      uri = URI.create(Files.readString(address).strip());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where it listens. */
  URI uri() {
    return uri;
  }

  /** What it printed. */
  String output() throws IOException {
    return Files.readString(log);
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return http.send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  /** Submits a turn and returns its id once it is accepted. */
  String submit(String session, String body) throws IOException, InterruptedException {
    var response = post("/v1/sessions/" + session + "/turns", body);
    if (response.statusCode() != 202) {
      throw new AssertionError(response.statusCode() + ": " + response.body());
    }
    return JSON.readTree(response.body()).path("id").asText();
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return body(ask(uri.resolve(path), KEY));
  }

  /** What a GET with this key is answered, wherever it goes. */
  HttpResponse<String> ask(URI where, String key) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(where).header("Authorization", "Bearer " + key);
    return http.send(
        request.timeout(Duration.ofSeconds(60)).GET().build(), BodyHandlers.ofString());
  }

  private static JsonNode body(HttpResponse<String> response) throws IOException {
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + ": " + response.body());
    }
    return JSON.readTree(response.body());
  }

  /** The turn once it has ended. */
  JsonNode awaitEnd(String turn) throws IOException, InterruptedException {
    while (true) {
      var request = request("/v1/turns/" + turn).header("Prefer", "wait=30").GET().build();
      var found = body(http.send(request, BodyHandlers.ofString()));
      if (found.hasNonNull("finishedAt")) {
        return found;
      }
    }
  }

  /** Returns when the turn has an event of this kind; its stream stays open meanwhile. */
  void awaitEvent(String turn, String kind) throws IOException, InterruptedException {
    var request =
        request("/v1/turns/" + turn + "/events").header("Accept", "text/event-stream").build();
    try (var lines = http.send(request, BodyHandlers.ofLines()).body()) {
      if (lines.noneMatch(line -> line.replace(" ", "").equals("event:" + kind))) {
        throw new AssertionError("turn " + turn + " ended without " + kind);
      }
    }
  }

  /** The lines with the ids and names of the turn's events behind {@code after}, to the end. */
  List<String> events(String turn, int after) throws IOException, InterruptedException {
    var request =
        request("/v1/turns/" + turn + "/events")
            .header("Accept", "text/event-stream")
            .header("Last-Event-ID", Integer.toString(after))
            .GET()
            .build();
    var lines = new ArrayList<String>();
    try (var stream = http.send(request, BodyHandlers.ofLines()).body()) {
      stream
          .filter(line -> line.startsWith("id:") || line.startsWith("event:"))
          .forEach(lines::add);
    }
    return lines;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri.resolve(path))
        .header("Authorization", "Bearer " + KEY)
        .timeout(Duration.ofSeconds(60));
  }

  /** SIGKILL, to Turnout alone: its children live on. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM; its exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not stop: " + log);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    http.close();
  }
}
