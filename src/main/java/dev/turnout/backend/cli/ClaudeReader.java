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
import org.jspecify.annotations.Nullable;

/**
 * Claude Code's {@code stream-json}. The {@code result} line ends the turn. An API error comes as
 * {@code is_error:true} with {@code subtype:"success"}, so the subtype says nothing; the error's
 * own words stand on the assistant line before it.
 */
final class ClaudeReader implements OutputReader {
  /** The structured facts that a failure is judged by, from the assistant and the result line. */
  private static final String[] FACTS = {
    "api_error_status", "api_error_type", "api_error", "terminal_reason", "subtype"
  };

  private final Map<String, String> facts = new HashMap<>();
  private final StringBuilder streamed = new StringBuilder();
  private Optional<String> session = Optional.empty();
  private @Nullable JsonNode result;
  private String firstStray = "";
  private boolean any;

  @Override
  public boolean line(String line, EventSink sink) {
    var object = JsonPaths.object(line);
    if (object.isEmpty()) {
      firstStray = firstStray.isEmpty() ? line : firstStray;
      return true;
    }
    any = true;
    var node = object.get();
    session = JsonPaths.text(node, "session_id").or(() -> session);
    switch (JsonPaths.text(node, "type").orElse("")) {
      case "stream_event" -> delta(node, sink);
      case "assistant" -> assistant(node, sink);
      case "user" -> toolResults(node, sink);
      case "system" -> system(node, sink);
      case "rate_limit_event" -> rateLimit(node);
      case "result" -> result = node;
      default -> {}
    }
    return true;
  }

  private void delta(JsonNode node, EventSink sink) {
    // A sub-agent's words are not the answer.
    if (JsonPaths.text(node, "parent_tool_use_id").isEmpty()
        && JsonPaths.text(node, "event.delta.type").equals(Optional.of("text_delta"))) {
      var text = JsonPaths.text(node, "event.delta.text").orElse("");
      streamed.append(text);
      sink.accept(new BackendEvent.Output(text));
    }
  }

  private void assistant(JsonNode node, EventSink sink) {
    if (node.path("is_api_error_message").asBoolean(false)) {
      JsonPaths.text(node, "error").ifPresent(error -> facts.put("assistant.error", error));
      collectFacts(node);
      return;
    }
    for (var block : node.path("message").path("content")) {
      if (block.path("type").asText().equals("tool_use")) {
        sink.accept(
            new BackendEvent.ToolStarted(
                JsonPaths.text(block, "id"),
                block.path("name").asText(),
                block.path("input").toString()));
      }
    }
  }

  private static void toolResults(JsonNode node, EventSink sink) {
    for (var block : node.path("message").path("content")) {
      if (block.path("type").asText().equals("tool_result")) {
        var content = block.path("content");
        sink.accept(
            new BackendEvent.ToolEnded(
                JsonPaths.text(block, "tool_use_id"),
                block.path("is_error").asBoolean(false),
                JsonPaths.text(content, "0.text").orElseGet(content::asText)));
      }
    }
  }

  private static void system(JsonNode node, EventSink sink) {
    var subtype = node.path("subtype").asText();
    if (subtype.equals("api_retry")) {
      sink.accept(
          new BackendEvent.Notice(
              "claude retries its API: " + JsonPaths.text(node, "error").orElse("unknown error")));
    } else if (subtype.equals("permission_denied")) {
      sink.accept(
          new BackendEvent.Notice(
              "claude was not allowed to use "
                  + JsonPaths.text(node, "tool_name").orElse("a tool")));
    }
  }

  private void rateLimit(JsonNode node) {
    var info = node.path("rate_limit_info").isObject() ? node.path("rate_limit_info") : node;
    for (var name : new String[] {"status", "resetsAt", "rateLimitType"}) {
      JsonPaths.text(info, name).ifPresent(value -> facts.put("rate_limit." + name, value));
    }
  }

  private void collectFacts(JsonNode node) {
    for (var fact : FACTS) {
      JsonPaths.text(node, fact).ifPresent(value -> facts.put(fact, value));
    }
  }

  @Override
  public AttemptResult end(ExitStatus exit, String stderrTail) {
    var last = result;
    if (last == null) {
      return withoutResult(exit, stderrTail);
    }
    collectFacts(last);
    var text = JsonPaths.text(last, "result").orElse("");
    if (last.path("is_error").asBoolean(false) || facts.containsKey("api_error_status")) {
      return new AttemptResult.Failed(
          new FailureSignal.CliReported("claude", facts, text), session);
    }
    if (JsonPaths.text(last, "stop_reason").equals(Optional.of("refusal"))) {
      return new AttemptResult.Failed(new FailureSignal.Refused("refusal", text), session);
    }
    var answer = text.isEmpty() ? streamed.toString() : text;
    if (answer.isBlank()) {
      return new AttemptResult.Failed(new FailureSignal.AnsweredNothing(), session);
    }
    return new AttemptResult.Answered(new Answer(answer, usage(last)), session);
  }

  private AttemptResult withoutResult(ExitStatus exit, String stderrTail) {
    var bad = Exits.failure(exit, stderrTail);
    if (bad.isPresent()) {
      return new AttemptResult.Failed(bad.get(), session);
    }
    if (!any && !firstStray.isEmpty()) {
      return AttemptResult.Failed.of(
          new FailureSignal.ProtocolBroken("stream-json was expected, this came: " + firstStray));
    }
    return new AttemptResult.Failed(
        any
            ? new FailureSignal.ProtocolBroken("claude ended without a result line")
            : new FailureSignal.AnsweredNothing(),
        session);
  }

  private static Usage usage(JsonNode last) {
    return new Usage(
        JsonPaths.number(last, "usage.input_tokens"),
        JsonPaths.number(last, "usage.output_tokens"),
        JsonPaths.number(last, "usage.cache_read_input_tokens"));
  }
}
