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
 * {@code gemini -o stream-json}. Stopped by SIGTERM it exits with 0 and no result line; a stream
 * that its API ended without a reason ends with 0 too, and with a result of status "error".
 */
final class GeminiReader implements OutputReader {
  private final Sieve sieve = new Sieve();
  private final StringBuilder answer = new StringBuilder();
  private boolean spoken;
  private boolean toolSinceText;
  private Optional<String> session = Optional.empty();
  private Optional<String> status = Optional.empty();
  private Optional<String> error = Optional.empty();
  private Usage usage = Usage.UNKNOWN;
  private boolean heardOfModel;

  @Override
  public boolean line(String line, EventSink sink) {
    var object = sieve.object(line);
    if (object.isEmpty()) {
      return true;
    }
    var node = object.get();
    switch (node.path("type").asText()) {
      case "init" -> session = JsonPaths.text(node, "session_id");
      case "message" -> {
        // It begins by repeating the user's.
        if (node.path("role").asText().equals("assistant")) {
          heardOfModel = true;
          said(node.path("content").asText(), sink);
        }
      }
      case "tool_use" -> {
        heardOfModel = true;
        toolSinceText = true;
        sink.accept(
            new BackendEvent.ToolStarted(
                JsonPaths.text(node, "tool_id"),
                node.path("tool_name").asText(),
                node.path("parameters").toString()));
      }
      case "tool_result" ->
          sink.accept(
              new BackendEvent.ToolEnded(
                  JsonPaths.text(node, "tool_id"),
                  !node.path("status").asText().equals("success"),
                  node.path("output").asText()));
      case "error" -> {
        error = JsonPaths.text(node, "message").or(() -> error);
        sink.accept(new BackendEvent.Notice(error.orElse("gemini reports an error")));
      }
      case "result" -> result(node);
      default -> {}
    }
    return true;
  }

  private void said(String text, EventSink sink) {
    if (toolSinceText) {
      // What it said before a tool's call is streamed, but is not the answer.
      answer.setLength(0);
      toolSinceText = false;
      if (spoken) {
        sink.accept(new BackendEvent.Output("\n\n"));
      }
    }
    answer.append(text);
    spoken = true;
    sink.accept(new BackendEvent.Output(text));
  }

  private void result(JsonNode node) {
    status = JsonPaths.text(node, "status");
    error = JsonPaths.text(node, "error.message").or(() -> error);
    usage =
        new Usage(
            JsonPaths.number(node, "stats.input_tokens"),
            JsonPaths.number(node, "stats.output_tokens"),
            JsonPaths.number(node, "stats.cached"));
  }

  @Override
  public boolean heardOfModel() {
    return heardOfModel;
  }

  @Override
  public AttemptResult end(ExitStatus exit, String stderrTail) {
    if (status.isEmpty()) {
      return new AttemptResult.Failed(withoutResult(exit, stderrTail), session);
    }
    if (!status.get().equals("success")) {
      var said = error.orElseGet(() -> GeminiFailures.withoutNoise(stderrTail));
      return new AttemptResult.Failed(
          GeminiFailures.read(said, exit.shellCode(), stderrTail), session);
    }
    return answer.toString().isBlank()
        ? new AttemptResult.Failed(new FailureSignal.AnsweredNothing(), session)
        : new AttemptResult.Answered(new Answer(answer.toString(), usage), session);
  }

  private FailureSignal withoutResult(ExitStatus exit, String stderrTail) {
    return Exits.failure(exit, GeminiFailures.withoutNoise(stderrTail))
        .map(GeminiFailures::atStart)
        .orElseGet(() -> sieve.unfinished("stream-json", "gemini ended without a result line"));
  }
}
