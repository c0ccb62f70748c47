package dev.turnout.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An OpenID Connect issuer on the loopback: discovery, and the keys that it publishes. It holds no
 * private key. Whoever signs tells it by {@code PUT /jwks} what to publish, so that tests and the
 * application need not share a class loader; {@code PUT /silent} with {@code true} makes it answer
 * 503.
 */
public final class TestIssuer implements QuarkusTestResourceLifecycleManager {
  private volatile String keys = "{\"keys\":[]}";
  private volatile boolean silent;
  private @Nullable HttpServer server;

  @Override
  public void init(Map<String, String> arguments) {
    silent = Boolean.parseBoolean(arguments.getOrDefault("silent", "false"));
  }

  @Override
  public Map<String, String> start() {
    try {
      var started =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server = started;
      var issuer = "http://127.0.0.1:" + started.getAddress().getPort() + "/realms/test";
      started.createContext(
          "/realms/test/.well-known/openid-configuration",
          exchange ->
              answer(
                  exchange,
                  """
                  {"issuer":"%1$s","jwks_uri":"%1$s/jwks","token_endpoint":"%1$s/token",
                   "authorization_endpoint":"%1$s/auth"}"""
                      .formatted(issuer)));
      started.createContext("/realms/test/jwks", this::jwks);
      started.createContext(
          "/realms/test/silent",
          exchange -> {
            silent = Boolean.parseBoolean(body(exchange));
            send(exchange, 200, "{}");
          });
      started.start();
      return Map.of("turnout.oidc.issuer", issuer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void jwks(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("PUT")) {
      keys = body(exchange);
    }
    answer(exchange, keys);
  }

  private void answer(HttpExchange exchange, String json) throws IOException {
    send(exchange, silent ? 503 : 200, silent ? "{}" : json);
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static String body(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void stop() {
    if (server != null) {
      server.stop(0);
    }
  }
}
