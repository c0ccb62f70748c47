package dev.turnout.backend.cli;

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

/**
 * {@code gemini -o stream-json}. Its error type is always "unknown"; what tells is the exit code,
 * which is the lower eight bits of the API's HTTP status. Stopped by SIGTERM it exits with 0 and no
 * result line.
 */
final class GeminiReader implements OutputReader {
  private final StringBuilder answer = new StringBuilder();
  private Optional<String> session = Optional.empty();
  private Optional<String> status = Optional.empty();
  private Optional<String> error = Optional.empty();
  private Usage usage = Usage.UNKNOWN;
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
      case "init" -> session = JsonPaths.text(node, "session_id");
      case "message" -> {
        if (node.path("role").asText().equals("assistant")) {
          var text = node.path("content").asText();
          answer.append(text);
          sink.accept(new BackendEvent.Output(text));
        }
      }
      case "tool_use" ->
          sink.accept(
              new BackendEvent.ToolStarted(
                  JsonPaths.text(node, "tool_id"),
                  node.path("tool_name").asText(),
                  node.path("parameters").toString()));
      case "tool_result" ->
          sink.accept(
              new BackendEvent.ToolEnded(
                  JsonPaths.text(node, "tool_id"),
                  !node.path("status").asText().equals("success"),
                  node.path("output").asText()));
      case "error" ->
          sink.accept(new BackendEvent.Notice(JsonPaths.text(node, "message").orElse("error")));
      case "result" -> {
        status = JsonPaths.text(node, "status");
        error = JsonPaths.text(node, "error.message");
        usage =
            new Usage(
                JsonPaths.number(node, "stats.input_tokens"),
                JsonPaths.number(node, "stats.output_tokens"),
                JsonPaths.number(node, "stats.cached"));
      }
      default -> {}
    }
    return true;
  }

  @Override
  public AttemptResult end(ExitStatus exit, String stderrTail) {
    if (status.isEmpty()) {
      return new AttemptResult.Failed(withoutResult(exit, stderrTail), session);
    }
    if (!status.get().equals("success") || error.isPresent()) {
      return new AttemptResult.Failed(reported(exit, stderrTail), session);
    }
    return answer.toString().isBlank()
        ? new AttemptResult.Failed(new FailureSignal.AnsweredNothing(), session)
        : new AttemptResult.Answered(new Answer(answer.toString(), usage), session);
  }

  private FailureSignal withoutResult(ExitStatus exit, String stderrTail) {
    return Exits.failure(exit, stderrTail)
        .orElseGet(
            () ->
                new FailureSignal.ProtocolBroken(
                    any || firstStray.isEmpty()
                        ? "gemini ended without a result line"
                        : "stream-json was expected, this came: " + firstStray));
  }

  private FailureSignal reported(ExitStatus exit, String stderrTail) {
    Map<String, String> facts = new HashMap<>();
    httpStatus(exit.shellCode()).ifPresent(code -> facts.put("api_error_status", code));
    return new FailureSignal.CliReported("gemini", facts, error.orElse(stderrTail));
  }

  /** 429 & 255 = 173: the codes of 400 to 599 are 144 to 255 and, from 512 on, 0 to 87. */
  private static Optional<String> httpStatus(int exitCode) {
    if (exitCode >= 144 && exitCode <= 255) {
      return Optional.of(Integer.toString(256 + exitCode));
    }
    return exitCode == 17 ? Optional.of("529") : Optional.empty();
  }
}
