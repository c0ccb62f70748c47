package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.BackendEvent;
import dev.turnout.backend.EventSink;
import dev.turnout.failure.FailureSignal;
import dev.turnout.process.ExitStatus;
import dev.turnout.turn.Answer;
import dev.turnout.turn.Usage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code codex exec --json}. Only {@code turn.failed} is final: {@code error} lines also tell of
 * reconnecting, and an item of type error comes with every run of a model it does not know.
 */
final class CodexReader implements OutputReader {
  /** Codex writes the API's status into its prose, and nowhere else. */
  private static final Pattern STATUS = Pattern.compile("(?:unexpected|last) status:? (\\d{3})");

  private final StringBuilder answer = new StringBuilder();
  private Optional<String> thread = Optional.empty();
  private Optional<String> failure = Optional.empty();
  private Usage usage = Usage.UNKNOWN;
  private boolean completed;
  private boolean any;
  private String firstStray = "";

  @Override
  public boolean line(String line, EventSink sink) {
    var object = JsonPaths.object(line);
    if (object.isEmpty()) {
      firstStray = firstStray.isEmpty() ? line : firstStray;
      return true;
    }
    any = true;
    var node = object.get();
    switch (node.path("type").asText()) {
      case "thread.started" -> thread = JsonPaths.text(node, "thread_id");
      case "item.started" -> started(node.path("item"), sink);
      case "item.completed" -> completed(node.path("item"), sink);
      case "error" ->
          sink.accept(new BackendEvent.Notice(JsonPaths.text(node, "message").orElse("error")));
      case "turn.failed" ->
          failure = Optional.of(JsonPaths.text(node, "error.message").orElse("turn failed"));
      case "turn.completed" -> {
        completed = true;
        usage =
            new Usage(
                JsonPaths.number(node, "usage.input_tokens"),
                JsonPaths.number(node, "usage.output_tokens"),
                JsonPaths.number(node, "usage.cached_input_tokens"));
      }
      default -> {}
    }
    return true;
  }

  private static void started(JsonNode item, EventSink sink) {
    if (isTool(item)) {
      var input = item.has("command") ? item.path("command") : item.path("arguments");
      sink.accept(
          new BackendEvent.ToolStarted(JsonPaths.text(item, "id"), name(item), input.toString()));
    }
  }

  private void completed(JsonNode item, EventSink sink) {
    if (isTool(item)) {
      boolean failed = !item.path("status").asText("completed").equals("completed");
      var output =
          JsonPaths.text(item, "aggregated_output")
              .or(() -> JsonPaths.text(item, "result.content.0.text"))
              .or(() -> JsonPaths.text(item, "error.message"))
              .orElse("");
      sink.accept(new BackendEvent.ToolEnded(JsonPaths.text(item, "id"), failed, output));
    } else if (item.path("type").asText().equals("agent_message")) {
      var text = item.path("text").asText();
      var piece = answer.isEmpty() ? text : "\n\n" + text;
      answer.append(piece);
      sink.accept(new BackendEvent.Output(piece));
    }
  }

  private static boolean isTool(JsonNode item) {
    return switch (item.path("type").asText()) {
      case "command_execution", "mcp_tool_call", "file_change", "web_search" -> true;
      default -> false;
    };
  }

  private static String name(JsonNode item) {
    return JsonPaths.text(item, "tool")
        .map(tool -> item.path("server").asText() + "." + tool)
        .orElseGet(() -> item.path("type").asText());
  }

  @Override
  public AttemptResult end(ExitStatus exit, String stderrTail) {
    if (failure.isPresent()) {
      return new AttemptResult.Failed(reported(failure.get()), thread);
    }
    var bad = Exits.failure(exit, stderrTail);
    if (bad.isPresent()) {
      return new AttemptResult.Failed(bad.get(), thread);
    }
    if (!completed) {
      return new AttemptResult.Failed(
          new FailureSignal.ProtocolBroken(
              any || firstStray.isEmpty()
                  ? "codex ended without completing the turn"
                  : "JSON lines were expected, this came: " + firstStray),
          thread);
    }
    return answer.isEmpty()
        ? new AttemptResult.Failed(new FailureSignal.AnsweredNothing(), thread)
        : new AttemptResult.Answered(new Answer(answer.toString(), usage), thread);
  }

  private static FailureSignal reported(String message) {
    Map<String, String> facts = new HashMap<>();
    var status = STATUS.matcher(message);
    if (status.find()) {
      facts.put("api_error_status", status.group(1));
    }
    return new FailureSignal.CliReported("codex", facts, message);
  }
}
