package dev.turnout.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing that Turnout writes anywhere has a secret in it, whoever says it back. */
@QuarkusTest
@TestProfile(PlantedApplication.class)
class PlantedSecretsIT {
  private static final Logger ROOT = Logger.getLogger("");

  @Inject DataSource database;

  private final Listener log = new Listener();

  @BeforeEach
  void listen() {
    ROOT.addHandler(log);
  }

  @AfterEach
  void listenNoMore() {
    ROOT.removeHandler(log);
  }

  @Test
  void noSecretIsWrittenAnywhere() throws Exception {
    var made = makeKey();
    var secrets =
        Map.of(
            "the bootstrap key",
            PlantedSecrets.BOOTSTRAP,
            "a key that was made",
            made,
            "the secret of an account",
            PlantedSecrets.ACCOUNT,
            "the password of the database",
            PlantedSecrets.DATABASE);

    finish("fine", "marker well")
        .then()
        .body("state", equalTo("succeeded"))
        .body("answer.text", containsString("sh -c"))
        .body("answer.text", containsString("has its key"));
    finish("broken", "marker leak").then().body("state", equalTo("failed"));
    Api.with(PlantedSecrets.BOOTSTRAP + "x").get("/v1/turns").then().statusCode(401);

    var read = readEverything();
    Logger.getLogger("dev.turnout").warning("marker of the log");
    assertTrue(read.toString().contains("marker well"), "the search of what is read finds nothing");
    assertTrue(!rows("marker leak").isEmpty(), "the search of the tables finds nothing");
    assertTrue(log.said.stream().anyMatch(line -> line.contains("marker of the log")));
    var found = new ArrayList<String>();
    for (var secret : secrets.entrySet()) {
      for (var place : places(secret.getValue(), read)) {
        found.add(secret.getKey() + " is in " + place);
      }
    }
    assertEquals(List.of(), found);
  }

  private List<String> places(String secret, Map<String, String> read)
      throws SQLException, IOException {
    var places = new ArrayList<String>();
    rows(secret).forEach(table -> places.add("the table " + table));
    read.forEach(
        (call, answer) -> {
          if (answer.contains(secret)) {
            places.add(call + ": " + around(answer, secret));
          }
        });
    log.said.stream()
        .filter(line -> line.contains(secret))
        .forEach(line -> places.add("the log: " + around(line, secret)));
    try (var files = Files.walk(PlantedSecrets.DATA)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file, ISO_8859_1).contains(secret)) {
          places.add("the file " + file);
        }
      }
    }
    ProcessHandle.current()
        .descendants()
        .flatMap(child -> child.info().commandLine().stream())
        .filter(line -> line.contains(secret))
        .forEach(_ -> places.add("a command line"));
    return places;
  }

  private static String around(String text, String secret) {
    int at = text.indexOf(secret);
    return text.substring(Math.max(0, at - 150), at).replace('\n', ' ') + "…";
  }

  private static String makeKey() {
    return Api.with(PlantedSecrets.BOOTSTRAP)
        .contentType(ContentType.JSON)
        .body("{\"name\":\"planted\",\"scopes\":[\"turns\",\"read\"]}")
        .post("/admin/v1/keys")
        .then()
        .statusCode(201)
        .extract()
        .path("key");
  }

  private static Response finish(String session, String text) {
    var request = Api.with(PlantedSecrets.BOOTSTRAP).header("Prefer", "wait=50");
    return Api.submit(request, session, Api.says(text)).then().statusCode(200).extract().response();
  }

  /** The answers of every published call that only reads, and of the metrics. */
  private static Map<String, String> readEverything() throws IOException {
    var read = new java.util.TreeMap<String, String>();
    var paths =
        new ObjectMapper()
            .readTree(Api.with(PlantedSecrets.BOOTSTRAP).get("/openapi?format=json").asByteArray())
            .path("paths");
    for (var path : paths.properties()) {
      if (path.getValue().has("get") && !path.getKey().contains("{")) {
        read.put(path.getKey(), get(path.getKey()).asString());
      }
    }
    for (var path : List.of("/q/metrics", "/q/health", "/openapi")) {
      read.put(path, get(path).asString());
    }
    for (var session : List.of("fine", "broken")) {
      read.put(session, get("/v1/sessions/" + session).asString());
      List<String> turns = get("/v1/sessions/" + session + "/turns").path("items.id");
      for (var turn : turns) {
        read.put("turn of " + session, get("/v1/turns/" + turn).asString());
        read.put("events of " + session, get("/v1/turns/" + turn + "/events").asString());
      }
    }
    return read;
  }

  private static Response get(String path) {
    return Api.with(PlantedSecrets.BOOTSTRAP).get(path);
  }

  /** The tables of ours in which this text is, in whatever column. */
  private List<String> rows(String text) throws SQLException {
    var tables = new ArrayList<String>();
    var found = new ArrayList<String>();
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      try (var names =
          statement.executeQuery(
              "select table_name from information_schema.tables where table_schema = 'turnout'"
                  + " and table_type = 'BASE TABLE'")) {
        while (names.next()) {
          tables.add(names.getString(1));
        }
      }
      for (var table : tables) {
        var sql =
            "select r::text from turnout." + table + " r where strpos(r::text, ?) > 0 limit 1";
        try (var search = connection.prepareStatement(sql)) {
          search.setString(1, text);
          try (var row = search.executeQuery()) {
            if (row.next()) {
              found.add(table + ": " + around(row.getString(1), text));
            }
          }
        }
      }
    }
    return found;
  }

  /** Keeps whatever is logged, with its stack traces. */
  private static final class Listener extends Handler {
    final Queue<String> said = new ConcurrentLinkedQueue<>();

    @Override
    public void publish(LogRecord record) {
      var trace = new StringWriter();
      if (record.getThrown() != null) {
        record.getThrown().printStackTrace(new PrintWriter(trace));
      }
      said.add(record.getMessage() + Arrays.toString(record.getParameters()) + trace);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
