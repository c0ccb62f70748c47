package dev.turnout.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts problems on the wire, whichever layer found them. */
final class ProblemJson {
  static final String TYPE = "application/problem+json";
  static final String CHALLENGE = "WWW-Authenticate";
  static final String RETRY_AFTER = "Retry-After";

  /** What a client should wait when we do not know: long enough for a fail-over of a database. */
  private static final String RETRY_SECONDS = "2";

  private ProblemJson() {}

  /** As the answer of an endpoint. */
  static Response response(Problem problem, RoutingContext request) {
    var builder = Response.status(problem.status()).type(TYPE).entity(bytes(problem, request));
    headers(problem, request).forEach(builder::header);
    return builder.build();
  }

  /** As the answer of a layer in front of the endpoints. */
  static void send(Problem problem, RoutingContext request) {
    var response = request.response();
    if (response.headWritten()) {
      return;
    }
    response.setStatusCode(problem.status());
    response.putHeader(HttpHeaders.CONTENT_TYPE, TYPE);
    headers(problem, request).forEach(response::putHeader);
    response.end(Buffer.buffer(bytes(problem, request)));
  }

  /** What RFC 6750 wants beside a 403: which scopes would have opened. */
  static String insufficientScope(String scopes) {
    return "Bearer error=\"insufficient_scope\", scope=\"" + scopes + "\"";
  }

  private static Map<String, String> headers(Problem problem, RoutingContext request) {
    boolean timed = problem.status() == 503 || problem.status() == 429;
    // Whoever knows better has said so already.
    return problem.retryable() && timed && !request.response().headers().contains(RETRY_AFTER)
        ? Map.of(RETRY_AFTER, RETRY_SECONDS)
        : Map.of();
  }

  private static byte[] bytes(Problem problem, RoutingContext request) {
    try {
      return StrictJson.MAPPER.writeValueAsBytes(problem.at(path(request), TraceId.of(request)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem that is not JSON", e);
    }
  }

  private static String path(RoutingContext request) {
    @Nullable String path = request.request().path();
    return path == null ? "/" : path;
  }
}
