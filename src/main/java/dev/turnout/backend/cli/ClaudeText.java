package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.backend.BackendEvent;
import dev.turnout.backend.EventSink;

/**
 * The words of a Claude Code turn, message by message. A message that hits the model's token limit
 * is continued by the CLI in a new one, and its {@code result} then holds the last part alone: the
 * parts before it are kept here.
 */
final class ClaudeText {
  private final StringBuilder before = new StringBuilder();
  private final StringBuilder message = new StringBuilder();
  private String stopReason = "";
  private boolean spoken;

  /** Reads one event of the model's stream. */
  void read(JsonNode event, EventSink sink) {
    switch (event.path("type").asText()) {
      case "message_start" -> {
        if (isCutOff()) {
          before.append(message);
        } else {
          before.setLength(0);
        }
        message.setLength(0);
      }
      case "content_block_start" -> {
        // Words before and after a tool's call would run into each other.
        if (event.path("content_block").path("type").asText().equals("text")
            && spoken
            && !isCutOff()) {
          sink.accept(new BackendEvent.Output("\n\n"));
        }
      }
      case "content_block_delta" -> {
        if (event.path("delta").path("type").asText().equals("text_delta")) {
          var text = event.path("delta").path("text").asText();
          message.append(text);
          spoken = true;
          sink.accept(new BackendEvent.Output(text));
        }
      }
      case "message_delta" -> stopReason = event.path("delta").path("stop_reason").asText();
      default -> {}
    }
  }

  private boolean isCutOff() {
    return stopReason.equals("max_tokens");
  }

  /**
   * The whole answer, given what the result line calls it. With it the words so far are over: a
   * result that follows has words of its own.
   */
  String answer(String result) {
    var answer = before + (result.isEmpty() ? message.toString() : result);
    before.setLength(0);
    message.setLength(0);
    stopReason = "";
    return answer;
  }
}
