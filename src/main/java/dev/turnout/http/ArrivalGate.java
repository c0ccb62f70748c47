package dev.turnout.http;

import dev.turnout.settings.CurrentSettings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Looks at how a request arrives, before anybody reads it: in a coding that is not taken apart
 * here, framed so that a proxy could see another request behind it, or too slowly.
 */
@ApplicationScoped
class ArrivalGate {
  /** Before the limit on bodies, and behind what adds headers to all answers and shuts doors. */
  private static final int ORDER = Integer.MIN_VALUE + 3;

  private final CurrentSettings settings;

  /** Connections that are closed when their request is answered. */
  private final Set<HttpConnection> last =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  ArrivalGate(CurrentSettings settings) {
    this.settings = settings;
  }

  void install(@Observes Router router) {
    router.route().order(ORDER).handler(this::look);
  }

  private void look(RoutingContext request) {
    var connection = request.request().connection();
    if (last.contains(connection)) {
      // What came behind the last request of a connection was never meant to be one.
      connection.close();
      return;
    }
    var headers = request.request().headers();
    if (headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
      endWith(request, connection);
    }
    var coding = headers.get(HttpHeaders.CONTENT_ENCODING);
    if (coding != null && !coding.strip().toLowerCase(Locale.ROOT).equals("identity")) {
      request.response().putHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
      ProblemJson.send(
          Problem.ofHeader(
              ProblemType.UNSUPPORTED_MEDIA_TYPE,
              "Content-Encoding",
              "must be absent: bodies are taken as they are, not compressed"),
          request);
      EdgeRoutes.discard(request.request());
      return;
    }
    if (!request.request().isEnded()) {
      watch(request);
    }
    request.next();
  }

  /**
   * RFC 9112, 6.1: a proxy that believes Content-Length where we believe Transfer-Encoding would
   * take for a body what we take for the next request. The server has dropped that Content-Length
   * before we see the request, so nothing may follow any request in chunks.
   */
  private void endWith(RoutingContext request, HttpConnection connection) {
    last.add(connection);
    request.addHeadersEndHandler(
        _ -> request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE));
    request.addEndHandler(_ -> connection.close());
  }

  /**
   * Whoever sends a byte now and then would hold its connection, and what waits for it, forever.
   */
  private void watch(RoutingContext request) {
    var vertx = request.vertx();
    var patience = settings.snapshot().http().bodyTimeout();
    long timer =
        vertx.setTimer(
            Math.max(1, patience.toMillis()),
            _ -> {
              if (!request.request().isEnded()) {
                tooSlow(request, patience.toMillis());
              }
            });
    request.addEndHandler(_ -> vertx.cancelTimer(timer));
  }

  private static void tooSlow(RoutingContext request, long millis) {
    var response = request.response();
    if (!response.headWritten()) {
      response.putHeader(HttpHeaders.CONNECTION, "close");
      ProblemJson.send(
          Problem.of(
              ProblemType.REQUEST_TOO_SLOW,
              "The request did not arrive within " + millis + " ms; send it again."),
          request);
    }
    request.request().connection().close();
  }
}
