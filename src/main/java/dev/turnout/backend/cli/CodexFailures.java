package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.failure.FailureSignal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads what {@code codex exec} says of a failed turn, which is one sentence and no field. Its
 * sentences are its own, made from a typed error that it has inside; the type is given here under
 * the name by which its app-server calls it, as the fact {@code codex_error_info}.
 */
final class CodexFailures {
  private static final Pattern STATUS =
      Pattern.compile("(?:unexpected status|last status:) (\\d{3})\\b");
  private static final Pattern TRY_AGAIN = Pattern.compile("try again at ([^.]+)\\.");
  private static final Pattern INCOMPLETE =
      Pattern.compile(
          "(?:stream disconnected before completion: )?Incomplete response returned, reason: (\\w+)");

  /** Where the connection broke, as opposed to an upstream that ended it with words of its own. */
  private static final Pattern CONNECTION =
      Pattern.compile(
          "^Connection failed: .*"
              + "|^stream disconnected before completion: (?:Transport error|error sending request"
              + "|stream closed before|URL error).*",
          Pattern.DOTALL);

  private record Sentence(Pattern pattern, String type) {
    Sentence(String pattern, String type) {
      this(Pattern.compile(pattern), type);
    }
  }

  /** In this order: the first that is found counts. Its apostrophes are typographic ones. */
  private static final List<Sentence> SENTENCES =
      List.of(
          new Sentence("^Codex ran out of room", "contextWindowExceeded"),
          new Sentence("^You.ve hit your usage limit|^Quota exceeded", "usageLimitExceeded"),
          new Sentence("^rate limit exceeded", "rateLimitExceeded"),
          new Sentence("^exceeded retry limit", "responseTooManyFailedAttempts"),
          new Sentence("^Selected model is at capacity", "serverOverloaded"),
          new Sentence("experiencing high demand", "internalServerError"),
          new Sentence("idle timeout waiting for SSE", "streamIdleTimeout"),
          new Sentence("^stream disconnected before completion", "responseStreamDisconnected"),
          new Sentence("^unexpected status", "httpConnectionFailed"),
          // The provider's own words, passed on alone.
          new Sentence("(?i)^The model .* does not exist|^model: \\S+$", "modelNotFound"));

  private CodexFailures() {}

  static FailureSignal read(String message) {
    if (message.startsWith("Missing environment variable")) {
      return new FailureSignal.ConfigMissing("codex: " + message);
    }
    if (CONNECTION.matcher(message).matches()) {
      return new FailureSignal.Unreachable(message);
    }
    return apiError(message);
  }

  /** The error of a turn of the app-server: the sentence, and the type that it is made from. */
  static FailureSignal ofTurn(JsonNode error) {
    var signal = read(JsonPaths.text(error, "message").orElse("the turn failed"));
    if (!(signal instanceof FailureSignal.CliReported(var cli, var fields, var said))) {
      return signal;
    }
    var facts = new HashMap<>(fields);
    var info = error.path("codexErrorInfo");
    // "other" is no type: the sentence may tell more.
    if (info.isTextual() && !info.asText().equals("other")) {
      facts.put("codex_error_info", info.asText());
    }
    info.properties()
        .forEach(
            typed -> {
              facts.put("codex_error_info", typed.getKey());
              JsonPaths.text(typed.getValue(), "httpStatusCode")
                  .ifPresent(status -> facts.put("api_error_status", status));
            });
    return new FailureSignal.CliReported(cli, facts, said);
  }

  /** The error of a request that the app-server did not take. */
  static FailureSignal ofRequest(JsonNode answer) {
    var code = answer.path("error").path("code").asText();
    return new FailureSignal.CliReported(
        "codex", Map.of("rpc_error_code", code), AcpFailures.words(answer));
  }

  private static FailureSignal apiError(String message) {
    Map<String, String> facts = new HashMap<>();
    var error = JsonPaths.object(message).map(body -> body.path("error"));
    if (error.isPresent() && error.get().isObject()) {
      // It passes the body of a 400 on as it is, and that of no other status.
      facts.put("api_error_status", "400");
      JsonPaths.text(error.get(), "type").ifPresent(type -> facts.put("api_error_type", type));
      JsonPaths.text(error.get(), "code").ifPresent(code -> facts.put("api_error_code", code));
      var said = JsonPaths.text(error.get(), "message").orElse(message);
      return new FailureSignal.CliReported("codex", facts, said);
    }
    SENTENCES.stream()
        .filter(sentence -> sentence.pattern.matcher(message).find())
        .findFirst()
        .ifPresent(sentence -> facts.put("codex_error_info", sentence.type));
    var status = STATUS.matcher(message);
    if (status.find()) {
      facts.put("api_error_status", status.group(1));
    }
    var again = TRY_AGAIN.matcher(message);
    if (again.find()) {
      facts.put("try_again_at", again.group(1));
    }
    var incomplete = INCOMPLETE.matcher(message);
    if (incomplete.lookingAt()) {
      facts.put("incomplete_reason", incomplete.group(1));
    }
    return new FailureSignal.CliReported("codex", facts, message);
  }
}
