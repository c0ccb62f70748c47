package dev.turnout.http;

import dev.turnout.turn.StoreUnavailable;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** What happens in front of and behind the endpoints: no answer leaves without its problem. */
@ApplicationScoped
class EdgeRoutes {
  private static final Logger LOG = System.getLogger(EdgeRoutes.class.getName());

  private static final Map<String, String> GUARDS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "Referrer-Policy", "no-referrer",
          "Cache-Control", "no-store");

  /** Before Quarkus's own limit (-2) and behind authentication (-200 and lower). */
  private static final int BODY_LIMIT_ORDER = -3;

  /** How long a client may go on sending a body that was refused. */
  private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(5);

  private final AdminDoor door;
  private final AllowedMethods methods;

  EdgeRoutes(AdminDoor door, AllowedMethods methods) {
    this.door = door;
    this.methods = methods;
  }

  void install(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).failureHandler(EdgeRoutes::failed);
    router.route().order(Integer.MIN_VALUE + 1).handler(EdgeRoutes::guard);
    // Before anybody is asked for a key: it would say that there is something.
    router.route().order(Integer.MIN_VALUE + 2).handler(this::shut);
    router.route().order(BODY_LIMIT_ORDER).handler(EdgeRoutes::limitBody);
    router.options().order(BODY_LIMIT_ORDER).handler(this::options);
    router.route().last().handler(EdgeRoutes::nothingHere);
  }

  /**
   * What every answer tells a browser that it ends up in: nothing here is to be guessed at, run,
   * framed or kept. An answer that knows better has said so itself.
   */
  private static void guard(RoutingContext request) {
    request.addHeadersEndHandler(
        _ -> {
          var headers = request.response().headers();
          GUARDS.forEach(
              (name, value) -> {
                if (!headers.contains(name)) {
                  headers.set(name, value);
                }
              });
        });
    request.next();
  }

  private void shut(RoutingContext request) {
    if (door.isShutFor(request)) {
      nothingHere(request);
    } else {
      request.next();
    }
  }

  /** A body whose length is announced is refused before it is read. */
  private static void limitBody(RoutingContext request) {
    var announced = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    if (announced != null && isTooLarge(announced)) {
      ProblemJson.send(JsonBodyReader.tooLarge(), request);
      discard(request.request());
      return;
    }
    request.next();
  }

  /** In the framework's place, which lists what works on paths that only begin like this one. */
  private void options(RoutingContext request) {
    var allowed = methods.at(request.normalizedPath());
    if (allowed.isEmpty()) {
      request.next();
      return;
    }
    request.response().putHeader(HttpHeaders.ALLOW, allowed).end();
  }

  private static boolean isTooLarge(String length) {
    try {
      return Long.parseLong(length) > JsonBodyReader.LIMIT;
    } catch (NumberFormatException e) {
      return true;
    }
  }

  /**
   * Most clients listen only after they have sent everything. Closing at once would reset their
   * connection, and the reason would be lost.
   */
  static void discard(HttpServerRequest request) {
    if (request.isEnded()) {
      return;
    }
    var connection = request.connection();
    var vertx = io.vertx.core.Vertx.currentContext().owner();
    long timer = vertx.setTimer(PATIENCE_MILLIS, _ -> connection.close());
    request.endHandler(_ -> vertx.cancelTimer(timer));
    request.exceptionHandler(_ -> vertx.cancelTimer(timer));
    request.handler(_ -> {});
    request.resume();
  }

  private static void nothingHere(RoutingContext request) {
    ProblemJson.send(
        Problem.of(ProblemType.NOT_FOUND, "Nothing is at " + request.request().path() + "."),
        request);
  }

  private static void failed(RoutingContext request) {
    if (request.response().headWritten()) {
      // The answer is on its way and cannot be changed any more.
      request.next();
      return;
    }
    switch (request.failure()) {
      case null -> failedWithStatus(request);
      case UnauthorizedException _, AuthenticationFailedException _ ->
          ApiKeyMechanism.challenge(request);
      case ForbiddenException _ -> {
        request.response().putHeader(ProblemJson.CHALLENGE, ProblemJson.insufficientScope("read"));
        ProblemJson.send(
            Problem.of(ProblemType.SCOPE_MISSING, "This needs a caller with the scope read."),
            request);
      }
      case StoreUnavailable _ ->
          ProblemJson.send(
              Problem.of(ProblemType.STORE_UNAVAILABLE, "The database does not answer."), request);
      case RejectedExecutionException _ ->
          ProblemJson.send(Problem.of(ProblemType.STOPPING, "No thread takes work."), request);
      case Throwable cause -> unexpected(request, cause);
    }
  }

  private static void failedWithStatus(RoutingContext request) {
    switch (request.statusCode()) {
      case 401 -> ApiKeyMechanism.challenge(request);
      case 403 ->
          ProblemJson.send(
              Problem.of(ProblemType.SCOPE_MISSING, "This caller may not do this."), request);
      case 404 -> nothingHere(request);
      case 405 ->
          ProblemJson.send(
              Problem.of(
                  ProblemType.METHOD_NOT_ALLOWED,
                  request.request().method()
                      + " does not work on "
                      + request.request().path()
                      + "."),
              request);
      case 413 -> ProblemJson.send(JsonBodyReader.tooLarge(), request);
      case 400 ->
          ProblemJson.send(
              Problem.ofParameter("path", "is not a well-formed request target"), request);
      default -> unexpected(request, new IllegalStateException("status " + request.statusCode()));
    }
  }

  private static void unexpected(RoutingContext request, Throwable cause) {
    LOG.log(Level.ERROR, "a request failed, trace " + TraceId.of(request), cause);
    ProblemJson.send(
        Problem.of(ProblemType.INTERNAL, "The request failed in a way nobody expected."), request);
  }
}
