package dev.turnout.boot;

import dev.turnout.grant.AgentDoor;
import io.quarkus.vertx.http.HttpServer;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where processes on this machine reach our own server, whatever else it is bound to. */
@ApplicationScoped
class LoopbackDoor implements AgentDoor {
  private final HttpServer server;
  private final String host;

  LoopbackDoor(HttpServer server, @ConfigProperty(name = "quarkus.http.host") String host) {
    this.server = server;
    this.host = host;
  }

  @Override
  public URI mcp() {
    return URI.create("http://" + reachable(host) + ":" + server.getPort() + "/mcp");
  }

  /** A name of its own address, where it is bound to all of them. */
  static String reachable(String host) {
    return switch (host) {
      case "0.0.0.0", "::", "[::]" -> "127.0.0.1";
      default -> host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    };
  }
}
