package dev.turnout.http;

import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.CompletableFuture;

/**
 * The end of a request: its answer is written, or its client has gone.
 *
 * <p>It is looked out for from the request's first moment on. Vert.x tells of an end once, to those
 * who wait for it then; by the time that a caller is known and its turn found, its client may have
 * left, and nothing would tell of that any more: what is written to a closed connection is dropped
 * in silence. Nor may others than the connection's own thread ask Vert.x to be told.
 */
@ApplicationScoped
class RequestEnd {
  /** Behind the checks of what arrives, and before anything that takes time. */
  private static final int ORDER = Integer.MIN_VALUE + 4;

  private static final String KEY = RequestEnd.class.getName();

  void install(@Observes Router router) {
    router.route().order(ORDER).handler(RequestEnd::lookOut);
  }

  private static void lookOut(RoutingContext request) {
    var end = new CompletableFuture<Void>();
    request.put(KEY, end);
    request.addEndHandler(_ -> end.complete(null));
    if (request.request().connection() instanceof ConnectionBase connection
        && !connection.channel().isActive()) {
      // It stood in line behind another one of its connection, whose close nobody told it of.
      end.complete(null);
    }
    request.next();
  }

  /**
   * Runs this once, at the end of the request, or now when it has ended. Safe on any thread.
   *
   * @param then must neither block nor throw
   */
  static void then(RoutingContext request, Runnable then) {
    CompletableFuture<Void> end = request.get(KEY);
    var _ = end.thenRun(then);
  }
}
