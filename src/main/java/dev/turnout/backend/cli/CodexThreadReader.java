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
import java.util.OptionalLong;

/** What Codex's app-server says of one turn, as {@link CodexLines} has sorted it. */
final class CodexThreadReader implements OutputReader {
  private final Sieve sieve = new Sieve();
  private Optional<String> thread;
  private Optional<FailureSignal> failure = Optional.empty();
  private Optional<String> answer = Optional.empty();
  private Optional<String> status = Optional.empty();
  private String speaking = "";
  private long counted = -1;
  private long input;
  private long output;
  private long cached;
  private boolean heardOfModel;

  /** For a turn in this thread. */
  CodexThreadReader(Optional<String> resumed) {
    this.thread = resumed;
  }

  /** The thread is there. */
  void opened(String id) {
    thread = Optional.of(id);
  }

  /** The first failure is the one that counts. */
  void failed(FailureSignal signal) {
    failure = failure.or(() -> Optional.of(signal));
  }

  @Override
  public boolean line(String line, EventSink sink) {
    var object = sieve.object(line);
    if (object.isEmpty()) {
      return true;
    }
    var params = object.get().path("params");
    switch (object.get().path("method").asText()) {
      case "item/started" -> started(params.path("item"), sink);
      case "item/completed" -> completed(params.path("item"), sink);
      case "item/agentMessage/delta" -> delta(params, sink);
      case "thread/tokenUsage/updated" -> count(params.path("tokenUsage"));
      case "error" ->
          // The last one comes with the end of the turn too.
          sink.accept(
              new BackendEvent.Notice(JsonPaths.text(params, "error.message").orElse("error")));
      case "turn/completed" -> {
        status = JsonPaths.text(params, "turn.status");
        var error = params.path("turn").path("error");
        if (error.isObject()) {
          failed(CodexFailures.ofTurn(error));
        }
      }
      default -> {}
    }
    return true;
  }

  private void started(JsonNode item, EventSink sink) {
    heardOfModel |= !item.path("type").asText().equals("userMessage");
    if (isTool(item)) {
      sink.accept(
          new BackendEvent.ToolStarted(JsonPaths.text(item, "id"), name(item), input(item)));
    }
  }

  private void delta(JsonNode params, EventSink sink) {
    heardOfModel = true;
    var id = params.path("itemId").asText();
    var text = params.path("delta").asText();
    // Two messages would run into each other.
    sink.accept(
        new BackendEvent.Output(speaking.isEmpty() || speaking.equals(id) ? text : "\n\n" + text));
    speaking = id;
  }

  private void completed(JsonNode item, EventSink sink) {
    if (isTool(item)) {
      boolean failed = !item.path("status").asText("completed").equals("completed");
      var said =
          JsonPaths.text(item, "aggregatedOutput")
              .or(() -> JsonPaths.text(item, "result.content.0.text"))
              .or(() -> JsonPaths.text(item, "error.message"))
              .orElse("");
      sink.accept(new BackendEvent.ToolEnded(JsonPaths.text(item, "id"), failed, said));
    } else if (item.path("type").asText().equals("agentMessage")) {
      // What it says on the way to the last message is streamed, but is not the answer.
      answer = Optional.of(item.path("text").asText());
    }
  }

  private static boolean isTool(JsonNode item) {
    return switch (item.path("type").asText()) {
      case "commandExecution",
          "mcpToolCall",
          "dynamicToolCall",
          "collabAgentToolCall",
          "fileChange",
          "webSearch",
          "imageView" ->
          true;
      default -> false;
    };
  }

  private static String name(JsonNode item) {
    return JsonPaths.text(item, "tool")
        .map(tool -> JsonPaths.text(item, "server").map(server -> server + ".").orElse("") + tool)
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

  /** The total is of the thread; what was added since the last update is of this turn. */
  private void count(JsonNode tokens) {
    long total = tokens.path("total").path("totalTokens").asLong();
    if (total != counted) {
      counted = total;
      input += tokens.path("last").path("inputTokens").asLong();
      output += tokens.path("last").path("outputTokens").asLong();
      cached += tokens.path("last").path("cachedInputTokens").asLong();
    }
  }

  private Usage usage() {
    return counted < 0
        ? Usage.UNKNOWN
        : new Usage(OptionalLong.of(input), OptionalLong.of(output), OptionalLong.of(cached));
  }

  @Override
  public boolean heardOfModel() {
    return heardOfModel;
  }

  @Override
  public AttemptResult end(ExitStatus exit, String stderrTail) {
    return failure
        .or(() -> ending(exit, stderrTail))
        .<AttemptResult>map(signal -> new AttemptResult.Failed(signal, thread))
        .orElseGet(
            () -> new AttemptResult.Answered(new Answer(answer.orElse(""), usage()), thread));
  }

  private Optional<FailureSignal> ending(ExitStatus exit, String stderrTail) {
    if (status.isEmpty()) {
      return Optional.of(
          Exits.failure(exit, stderrTail)
              .orElseGet(
                  () -> sieve.unfinished("JSON-RPC", "codex ended without completing the turn")));
    }
    if (!status.get().equals("completed")) {
      return Optional.of(
          new FailureSignal.ProtocolBroken("codex ended the turn as " + status.get()));
    }
    return answer.filter(text -> !text.isBlank()).isPresent()
        ? Optional.empty()
        : Optional.of(new FailureSignal.AnsweredNothing());
  }
}
