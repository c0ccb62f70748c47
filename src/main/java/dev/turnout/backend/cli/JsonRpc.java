package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lines of JSON-RPC 2.0, as agents speak it over stdio. INVARIANT: no two requests of this program
 * have the same id, so that an answer to an earlier turn of a process is never taken for another.
 */
final class JsonRpc {
  /** Asked for something that we do not do. */
  static final int METHOD_NOT_FOUND = -32601;

  private static final AtomicLong IDS = new AtomicLong();

  private JsonRpc() {}

  static long newId() {
    return IDS.incrementAndGet();
  }

  static String request(long id, String method, Map<String, ?> params) {
    return JsonLine.of(Map.of("jsonrpc", "2.0", "id", id, "method", method, "params", params));
  }

  static String notification(String method, Map<String, ?> params) {
    return JsonLine.of(Map.of("jsonrpc", "2.0", "method", method, "params", params));
  }

  /** The answer to a request of the other side. */
  static String answer(JsonNode request, Map<String, ?> result) {
    return JsonLine.of(Map.of("jsonrpc", "2.0", "id", request.path("id"), "result", result));
  }

  /** No to a request of the other side, which would wait for ever without an answer. */
  static String refusal(JsonNode request, String why) {
    return JsonLine.of(
        Map.of(
            "jsonrpc",
            "2.0",
            "id",
            request.path("id"),
            "error",
            Map.of("code", METHOD_NOT_FOUND, "message", why)));
  }

  static boolean isRequest(JsonNode line) {
    return line.has("method") && line.has("id");
  }

  static boolean isNotification(JsonNode line, String method) {
    return !line.has("id") && line.path("method").asText().equals(method);
  }

  /** Whether this is what became of our request, good or bad. */
  static boolean isAnswer(JsonNode line, long id) {
    return !line.has("method")
        && line.path("id").isIntegralNumber()
        && line.path("id").asLong() == id
        && (line.has("result") || line.has("error"));
  }
}
