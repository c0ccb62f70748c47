package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.failure.FailureSignal;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads what agents say of a failed prompt. The protocol has errors but no word for what failed, so
 * that each agent has put it elsewhere: in the code, in {@code data}, or, as an answer, in prose.
 */
final class AcpFailures {
  private static final Pattern STATUS_FIRST = Pattern.compile("(\\d{3})\\b.*", Pattern.DOTALL);

  /** Copilot's three sentences that name a status. */
  private static final Pattern COPILOT =
      Pattern.compile(
          "Error: (?:(\\d{3}) .*|.*\\(HTTP (\\d{3})\\).*|.*Last error: (\\d{3}) .*)",
          Pattern.DOTALL);

  private AcpFailures() {}

  /** The facts of an answer that is an error. */
  static FailureSignal read(AcpAgent agent, JsonNode answer) {
    var error = answer.path("error");
    int code = error.path("code").asInt();
    var words = words(answer);
    if (agent == AcpAgent.GEMINI && code > 0) {
      return GeminiFailures.read(code, words);
    }
    var data = error.path("data");
    Map<String, String> facts = new HashMap<>();
    if (code >= 400 && code <= 599) {
      facts.put("api_error_status", Integer.toString(code));
    } else {
      facts.put("rpc_error_code", Integer.toString(code));
      var status = STATUS_FIRST.matcher(words);
      if (status.matches()) {
        facts.put("api_error_status", status.group(1));
      }
    }
    JsonPaths.text(data, "errorKind").ifPresent(kind -> facts.put("assistant.error", kind));
    JsonPaths.text(data, "codexErrorInfo").ifPresent(info -> facts.put("codex_error_info", info));
    JsonPaths.text(data, "errorName").ifPresent(name -> facts.put("error_name", name));
    return new FailureSignal.CliReported(agent.cli, facts, words);
  }

  /** What it says, where it says most. */
  static String words(JsonNode answer) {
    var error = answer.path("error");
    return JsonPaths.text(error, "data.details")
        .or(() -> JsonPaths.text(error, "data.message"))
        .or(() -> JsonPaths.text(error, "message"))
        .orElse("an error without words");
  }

  /**
   * Whether a session that was to be opened is not known. There is no code for it: those of wrong
   * parameters and of anything else are used, with words.
   */
  static boolean isOfSession(JsonNode answer) {
    int code = answer.path("error").path("code").asInt();
    var words = words(answer).toLowerCase(Locale.ROOT);
    return code == -32002
        || code == -32602
        || words.contains("session")
        || words.contains("conversation")
        || words.contains("thread")
        || words.contains("rollout");
  }

  /**
   * A failure that an agent tells as the answer of a turn that ended well.
   *
   * @param aside the last thing said that no model has said
   * @param answer all that it said
   * @param counted whether the turn has a count of tokens
   */
  static Optional<FailureSignal> toldAsAnswer(
      AcpAgent agent, Optional<String> aside, String answer, boolean counted) {
    return switch (agent) {
      case CODEX ->
          aside
              .filter(words -> !counted && !words.startsWith("Warning:"))
              .map(words -> CodexFailures.read(words.strip()));
      case COPILOT -> {
        var sentence = COPILOT.matcher(answer.strip());
        if (!sentence.matches()) {
          yield Optional.empty();
        }
        var status =
            Optional.ofNullable(sentence.group(1))
                .or(() -> Optional.ofNullable(sentence.group(2)))
                .orElseGet(() -> sentence.group(3));
        yield Optional.of(
            new FailureSignal.CliReported(
                agent.cli, Map.of("api_error_status", status), answer.strip()));
      }
      case GEMINI, CLAUDE, OTHER -> Optional.empty();
    };
  }
}
