package dev.turnout.boot;

import dev.turnout.grant.AgentDoor;
import io.quarkus.vertx.http.HttpServer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where processes on this machine reach our own server, whatever else it is bound to. */
@ApplicationScoped
class LoopbackDoor implements AgentDoor {
  private static final System.Logger LOG = System.getLogger(LoopbackDoor.class.getName());

  /** Many times what lies between the first claim and an open port. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration LOOK = Duration.ofMillis(10);

  private final HttpServer server;
  private final String host;
  private final Duration patience;
  private volatile boolean hopeless;

  @Inject
  LoopbackDoor(
      HttpServer server,
      @ConfigProperty(name = "quarkus.http.host") String host,
      @ConfigProperty(name = "quarkus.http.insecure-requests", defaultValue = "enabled")
          String plain) {
    this(server, host, plain, PATIENCE);
  }

  LoopbackDoor(HttpServer server, String host, String plain, Duration patience) {
    this.server = server;
    this.host = host;
    this.hopeless = plain.equalsIgnoreCase("disabled");
    this.patience = patience;
  }

  @Override
  public Optional<URI> mcp() {
    int port = server.getPort();
    // -1 until it listens.
    return port > 0
        ? Optional.of(URI.create("http://" + reachable(host) + ":" + port + "/mcp"))
        : Optional.empty();
  }

  @Override
  public void awaitOpening() throws InterruptedException {
    long since = System.nanoTime();
    while (!hopeless && mcp().isEmpty()) {
      if (System.nanoTime() - since > patience.toNanos()) {
        // Whoever waits after that would wait in vain too, at each attempt anew.
        hopeless = true;
        LOG.log(Level.WARNING, "no port of ours is open: agents are without Turnout''s own tools");
      } else {
        Thread.sleep(LOOK);
      }
    }
  }

  /** A name of its own address, where it is bound to all of them. */
  static String reachable(String host) {
    return switch (host) {
      case "0.0.0.0", "::", "[::]" -> "127.0.0.1";
      default -> host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    };
  }
}
