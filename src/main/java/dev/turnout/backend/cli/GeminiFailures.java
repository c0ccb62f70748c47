package dev.turnout.backend.cli;

import dev.turnout.failure.FailureSignal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads what the Gemini CLI says of a failed turn. Its error type is always "unknown". What tells
 * is the API's own error, where the message holds it; else the class of its exception on stderr;
 * else its exit code, which is the lower eight bits of the API's HTTP status.
 */
final class GeminiFailures {
  private static final Pattern API_ERROR =
      Pattern.compile("\\[API Error: (.*?)](?:\\n.*)?", Pattern.DOTALL);
  private static final Pattern EXCEPTION =
      Pattern.compile("\\b(RetryableQuotaError|TerminalQuotaError|ModelNotFoundError)\\b");
  private static final Pattern RETRY_AFTER = Pattern.compile("Suggested retry after ([\\d.]+)s");

  /** What undici and fetch say when there is no connection, or it breaks. */
  private static final Pattern CONNECTION =
      Pattern.compile("terminated|.*fetch failed.*", Pattern.DOTALL);

  /** What it says of an answer that ended before its end, or is none. */
  private static final Pattern STREAM =
      Pattern.compile("Model stream ended|Incomplete JSON segment|Unexpected token .* JSON");

  /** What is left of a 404, the one status that it loses: the provider's sentence. */
  private static final Pattern MODEL_NOT_FOUND =
      Pattern.compile("model: \\S+$|models/\\S+ is not found");

  private static final String EXHAUSTED = "You have exhausted your";
  private static final int AUTHENTICATION_EXIT = 41;
  private static final List<String> NOISE =
      List.of("Warning: 256-color support", "Ripgrep is not available", "[STARTUP]");

  private GeminiFailures() {}

  static FailureSignal read(String message, int exitCode, String stderr) {
    var inner = API_ERROR.matcher(message);
    var said = inner.matches() ? inner.group(1) : message;
    if (CONNECTION.matcher(said).matches()) {
      return new FailureSignal.Unreachable(said);
    }
    Map<String, String> facts = new HashMap<>();
    httpStatus(exitCode).ifPresent(code -> facts.put("api_error_status", Integer.toString(code)));
    var exception = EXCEPTION.matcher(stderr);
    if (exception.find()) {
      facts.put("error_class", exception.group(1));
      if (exception.group(1).equals("ModelNotFoundError")) {
        // The one status that it loses: its exit code is then 1.
        facts.put("api_error_status", "404");
      }
    }
    if (facts.isEmpty() && STREAM.matcher(said).lookingAt()) {
      facts.put("stream_error", "unfinished");
    }
    var after = RETRY_AFTER.matcher(said);
    if (after.find()) {
      facts.put("retry_after_seconds", after.group(1));
    }
    var body = JsonPaths.object(said).map(object -> object.path("error"));
    if (body.isEmpty()) {
      return new FailureSignal.CliReported("gemini", facts, said);
    }
    JsonPaths.text(body.get(), "code").ifPresent(code -> facts.put("api_error_status", code));
    JsonPaths.text(body.get(), "status").ifPresent(type -> facts.put("api_error_type", type));
    return new FailureSignal.CliReported(
        "gemini", facts, JsonPaths.text(body.get(), "message").orElse(said));
  }

  /**
   * What it says in ACP, where the code is the API's status; 500 is also what it says for want of
   * one.
   */
  static FailureSignal read(int code, String message) {
    var signal = read(message, 0, "");
    if (!(signal instanceof FailureSignal.CliReported(var cli, var fields, var said))) {
      return signal;
    }
    var facts = new HashMap<>(fields);
    if (MODEL_NOT_FOUND.matcher(said).lookingAt()) {
      facts.put("api_error_status", "404");
    } else if (code != 500) {
      facts.putIfAbsent("api_error_status", Integer.toString(code));
    }
    if (code == 429 && message.startsWith(EXHAUSTED)) {
      // Its own sentence, which it makes of this exception.
      facts.put("error_class", "TerminalQuotaError");
    }
    return new FailureSignal.CliReported(cli, facts, said);
  }

  /** An exit before the first line of output: one of its codes names the cause. */
  static FailureSignal atStart(FailureSignal signal) {
    return switch (signal) {
      case FailureSignal.ProcessEnded(var code, _, var stderr) when code == AUTHENTICATION_EXIT ->
          new FailureSignal.CliReported(
              "gemini", Map.of("exit_code", Integer.toString(code)), stderr);
      default -> signal;
    };
  }

  /** 429 &amp; 255 = 173: the codes of 400 to 511 are 144 to 255, and 529 is 17. */
  private static Optional<Integer> httpStatus(int exitCode) {
    if (exitCode >= 144 && exitCode <= 255) {
      return Optional.of(256 + exitCode);
    }
    return exitCode == 17 ? Optional.of(529) : Optional.empty();
  }

  /** Its stderr without what it says at every start. */
  static String withoutNoise(String stderr) {
    return stderr
        .lines()
        .filter(line -> NOISE.stream().noneMatch(line::startsWith))
        .collect(Collectors.joining("\n"));
  }
}
