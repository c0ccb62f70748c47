package dev.turnout.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import dev.turnout.testing.TestDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Surroundings in which everything secret is known to the test, and everybody who is trusted with a
 * secret says it back: a model API in its refusals, a CLI in its complaints.
 */
public final class PlantedSecrets implements QuarkusTestResourceLifecycleManager {
  static final String BOOTSTRAP = planted("firstkey");
  static final String ACCOUNT = planted("account");
  static final String DATABASE = planted("database");
  static final Path DATA = Path.of("target/test-data/planted-" + ProcessHandle.current().pid());

  /** Where the secret of the account is; beside the data directory, which is searched. */
  private static final Path FILE = Path.of(DATA + "-secret").toAbsolutePath();

  /** What class loaders cannot keep apart: the settings need the port before anybody listens. */
  private static final String PORT = "test.planted-port";

  private final HttpServer api = server();

  /** The same for every class loader, and of no shape that a pattern could know it by. */
  private static String planted(String name) {
    return "p1" + name + UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString().replace("-", "");
  }

  private static HttpServer server() {
    try {
      var address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.getInteger(PORT));
      return HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<String, String> start() {
    try {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, ACCOUNT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    api.createContext(
        "/",
        exchange -> {
          var key = exchange.getRequestHeaders().getFirst("x-api-key");
          var body =
              ("{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\","
                      + "\"message\":\"invalid x-api-key "
                      + key
                      + "\"}}")
                  .getBytes(UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.getResponseHeaders().add("request-id", "req_" + key);
          exchange.sendResponseHeaders(401, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    api.start();
    return database();
  }

  /** The name of a user who has the planted password. */
  private static Map<String, String> database() {
    var database = TestDatabase.fresh();
    var user = "planted_" + UUID.randomUUID().toString().substring(0, 8);
    try (var connection =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        var statement = connection.createStatement()) {
      statement.execute("create role " + user + " superuser login password '" + DATABASE + "'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return Map.of(
        "quarkus.datasource.jdbc.url", database.url(),
        "quarkus.datasource.username", user,
        "quarkus.datasource.password", DATABASE);
  }

  /** The settings of an application in these surroundings. */
  static Map<String, String> settings() {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      System.setProperty(PORT, String.valueOf(free.getLocalPort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var settings = new HashMap<String, String>();
    settings.put("turnout.bootstrap-key", BOOTSTRAP);
    settings.put("turnout.data-dir", DATA.toString());
    settings.put("turnout.default-agent", "ops");
    settings.put("turnout.agents.ops.chain[0].backend", "api");
    settings.put("turnout.agents.ops.chain[0].auth-profile", "work");
    settings.put("turnout.agents.ops.chain[1].backend", "cli");
    settings.put("turnout.agents.ops.chain[1].auth-profile", "work");
    settings.put("turnout.backends.api.kind", "anthropic");
    settings.put("turnout.backends.api.base-url", "http://127.0.0.1:" + Integer.getInteger(PORT));
    settings.put("turnout.backends.api.default-model", "m");
    settings.put("turnout.backends.cli.kind", "command");
    settings.put("turnout.backends.cli.command", "sh");
    settings.put("turnout.backends.cli.args[0]", "-c");
    // The answer is its own command line: that is where a secret must never be.
    settings.put(
        "turnout.backends.cli.args[1]",
        "p=$(cat); case \"$p\" in *leak*) echo \"bad key $PLANTED_KEY\" >&2; exit 3;; esac;"
            + " xargs -0 echo < /proc/self/cmdline; [ -n \"$PLANTED_KEY\" ] && echo has its key");
    settings.put("turnout.auth-profiles.work.provider", "anthropic");
    settings.put("turnout.auth-profiles.work.secret", "file:" + FILE);
    settings.put("turnout.auth-profiles.work.expose-as", "PLANTED_KEY");
    return settings;
  }

  @Override
  public void stop() {
    api.stop(0);
  }
}
