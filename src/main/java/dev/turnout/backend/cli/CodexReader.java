package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.BackendEvent;
import dev.turnout.backend.EventSink;
import dev.turnout.failure.FailureSignal;
import dev.turnout.process.ExitStatus;
import dev.turnout.turn.Answer;
import dev.turnout.turn.Usage;
import java.util.Optional;

/**
 * {@code codex exec --json}. Only {@code turn.failed} is final: {@code error} lines also tell of
 * reconnecting, and an item of type error comes with every run of a model it does not know. A
 * message comes as a whole, never in pieces.
 */
final class CodexReader implements OutputReader {
  private final Sieve sieve = new Sieve();
  private final Optional<String> resumed;
  private Optional<String> thread = Optional.empty();
  private Optional<String> failure = Optional.empty();
  private Optional<String> answer = Optional.empty();
  private Usage usage = Usage.UNKNOWN;
  private boolean completed;
  private boolean heardOfModel;

  CodexReader(Optional<String> resumed) {
    this.resumed = resumed;
  }

  @Override
  public boolean line(String line, EventSink sink) {
    var object = sieve.object(line);
    if (object.isEmpty()) {
      return true;
    }
    var node = object.get();
    switch (node.path("type").asText()) {
      case "thread.started" -> {
        thread = JsonPaths.text(node, "thread_id");
        return !isAnotherThread();
      }
      case "item.started" -> started(node.path("item"), sink);
      case "item.completed" -> completed(node.path("item"), sink);
      case "error" ->
          sink.accept(new BackendEvent.Notice(JsonPaths.text(node, "message").orElse("error")));
      case "turn.failed" ->
          failure = Optional.of(JsonPaths.text(node, "error.message").orElse("turn failed"));
      case "turn.completed" -> {
        completed = true;
        usage = usage(node);
      }
      default -> {}
    }
    return true;
  }

  /**
   * An id that is no UUID is taken for a name, and an unknown name quietly begins a conversation
   * without a past.
   */
  private boolean isAnotherThread() {
    return resumed.isPresent() && thread.isPresent() && !resumed.equals(thread);
  }

  /** Codex counts over the whole thread, so that its figures are a turn's only in the first. */
  private Usage usage(JsonNode node) {
    return resumed.isPresent()
        ? Usage.UNKNOWN
        : new Usage(
            JsonPaths.number(node, "usage.input_tokens"),
            JsonPaths.number(node, "usage.output_tokens"),
            JsonPaths.number(node, "usage.cached_input_tokens"));
  }

  private void started(JsonNode item, EventSink sink) {
    heardOfModel = true;
    if (isTool(item)) {
      sink.accept(
          new BackendEvent.ToolStarted(JsonPaths.text(item, "id"), name(item), input(item)));
    }
  }

  private void completed(JsonNode item, EventSink sink) {
    // A model that it does not know makes it warn before it asks.
    heardOfModel |= !item.path("type").asText().equals("error");
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
      sink.accept(new BackendEvent.Output(answer.isEmpty() ? text : "\n\n" + text));
      // What it says on the way to the last message is streamed, but is not the answer.
      answer = Optional.of(text);
    }
  }

  private static boolean isTool(JsonNode item) {
    return switch (item.path("type").asText()) {
      case "command_execution", "mcp_tool_call", "collab_tool_call", "file_change", "web_search" ->
          true;
      default -> false;
    };
  }

  private static String name(JsonNode item) {
    return JsonPaths.text(item, "tool")
        .map(tool -> item.path("server").asText() + "." + tool)
        .orElseGet(() -> item.path("type").asText());
  }

  private static String input(JsonNode item) {
    for (var field : new String[] {"command", "arguments", "changes", "query"}) {
      if (item.has(field)) {
        return JsonPaths.text(item, field).orElse("");
      }
    }
    return "";
  }

  @Override
  public boolean heardOfModel() {
    return heardOfModel;
  }

  @Override
  public AttemptResult end(ExitStatus exit, String stderrTail) {
    if (isAnotherThread()) {
      return AttemptResult.Failed.of(
          new FailureSignal.SessionUnknown(
              resumed.get(), "codex began thread " + thread.get() + " in its place"));
    }
    if (failure.isPresent()) {
      return new AttemptResult.Failed(CodexFailures.read(failure.get()), thread);
    }
    var bad = Exits.failure(exit, stderrTail);
    if (bad.isPresent()) {
      return new AttemptResult.Failed(bad.get(), thread);
    }
    if (!completed) {
      return new AttemptResult.Failed(
          sieve.unfinished("JSON", "codex ended without completing the turn"), thread);
    }
    return answer
        .filter(text -> !text.isBlank())
        .<AttemptResult>map(text -> new AttemptResult.Answered(new Answer(text, usage), thread))
        .orElseGet(() -> new AttemptResult.Failed(new FailureSignal.AnsweredNothing(), thread));
  }
}
