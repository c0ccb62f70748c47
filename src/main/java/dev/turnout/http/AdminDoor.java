package dev.turnout.http;

import dev.turnout.settings.InstallationSettings;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ResourceInfo;
import java.util.List;
import java.util.OptionalInt;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Keeps what is for operators to their own listener, when there is one: there it answers and
 * nothing else does, and on the main listener it is not there. Both listeners share one set of
 * routes, so that keys, limits and problems are the same; they differ by the port that a request
 * came to.
 */
@Singleton
public class AdminDoor {
  private static final String OPERATORS = "/admin";

  /** For operators too, where they have a listener; what scrapes metrics is told its port. */
  private static final String METRICS = "/q/metrics";

  /** On both: probes come to the port that they watch, and a description has to be found. */
  private static final List<String> SHARED = List.of("/q", "/openapi");

  /** Asked with each request: this is made before the configuration of the start is there. */
  private final InstallationSettings installation;

  private volatile int port;

  AdminDoor(InstallationSettings installation) {
    this.installation = installation;
  }

  /** The listener of operators is open on this port. */
  public void opened(int at) {
    port = at;
  }

  /** Where the listener of operators is open; empty when there is none or not yet. */
  public OptionalInt port() {
    return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
  }

  /** Whether a request with this path has come to a listener that does not have it. */
  boolean isShutFor(RoutingContext request) {
    if (!hasOwn()) {
      return false;
    }
    // Endpoints are found without the parameters that RFC 3986 lets follow a segment.
    var path = request.normalizedPath().replaceAll(";[^/]*", "");
    boolean operators = isIn(path, OPERATORS) || isIn(path, METRICS);
    return isAtOperators(request)
        ? !operators && SHARED.stream().noneMatch(root -> isIn(path, root))
        : operators;
  }

  /**
   * The same by the endpoint that was found, whatever its path looked like. One who finds a second
   * way to write a path does not get past this one.
   */
  @ServerRequestFilter
  public void hold(RoutingContext request, ResourceInfo found) {
    var type = found.getResourceClass();
    var path = type == null ? null : type.getAnnotation(Path.class);
    boolean operators = path != null && isIn(path.value(), OPERATORS);
    if (hasOwn() && operators != isAtOperators(request)) {
      throw new ProblemException(
          ProblemType.NOT_FOUND, "Nothing is at " + request.request().path() + ".");
    }
  }

  private boolean hasOwn() {
    return installation.doors().admin().isPresent();
  }

  private boolean isAtOperators(RoutingContext request) {
    var address = request.request().connection().localAddress();
    return port != 0 && address != null && address.port() == port;
  }

  private static boolean isIn(String path, String root) {
    return path.equals(root) || path.startsWith(root + "/");
  }
}
