package dev.turnout.backend.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.failure.FailureSignal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads the facts out of an API's refusal, whose shape differs between providers. */
final class Rejections {
  /** Headers that say when to come back, or what to tell the provider's support. */
  private static final Set<String> TELLING =
      Set.of(
          "retry-after",
          "retry-after-ms",
          "x-should-retry",
          "request-id",
          "x-request-id",
          "cf-ray",
          "anthropic-organization-id");

  private static final List<String> TELLING_FAMILIES =
      List.of("anthropic-ratelimit-", "x-ratelimit-", "ratelimit");

  private Rejections() {}

  /**
   * The refusal in this body.
   *
   * @param headers by any names; those that say nothing are left out
   * @param body {@code {"error":{…}}}, {@code {"error":"…"}}, the bare error, or no object at all
   */
  static FailureSignal.HttpRejected read(
      ModelCall call, int status, Map<String, String> headers, JsonNode body) {
    // Google answers its OpenAI-compatible callers with a list of one, and names the type "status".
    var answer = body.isArray() && !body.isEmpty() ? body.get(0) : body;
    var error = answer.path("error").isObject() ? answer.path("error") : answer;
    return new FailureSignal.HttpRejected(
        status,
        text(error, "type").or(() -> word(error, "status")).map(call::redacted),
        text(error, "code").map(call::redacted),
        call.redacted(message(error, status)),
        telling(call, headers));
  }

  private static String message(JsonNode error, int status) {
    if (error.isTextual()) {
      return error.asText();
    }
    return Stream.of("message", "error", "detail", "msg")
        .flatMap(name -> text(error, name).stream())
        .findFirst()
        .orElseGet(() -> error.isEmpty() ? "HTTP " + status + " and nothing more" : "" + error);
  }

  /** Strings and numbers both: some providers number their codes. */
  private static Optional<String> text(JsonNode node, String name) {
    var value = node.path(name);
    return value.isValueNode() && !value.isNull() ? Optional.of(value.asText()) : Optional.empty();
  }

  private static Optional<String> word(JsonNode node, String name) {
    var value = node.path(name);
    return value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
  }

  /** The first value of each header. */
  static Map<String, String> headers(Set<String> names, Function<String, List<String>> values) {
    var headers = new TreeMap<String, String>();
    for (var name : names) {
      values.apply(name).stream().findFirst().ifPresent(value -> headers.put(name, value));
    }
    return headers;
  }

  private static Map<String, String> telling(ModelCall call, Map<String, String> headers) {
    var kept = new TreeMap<String, String>();
    headers.forEach(
        (name, value) -> {
          var lower = name.toLowerCase(Locale.ROOT);
          if (TELLING.contains(lower) || TELLING_FAMILIES.stream().anyMatch(lower::startsWith)) {
            kept.put(lower, call.redacted(value));
          }
        });
    return kept;
  }
}
