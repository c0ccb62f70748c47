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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Claude Code's {@code stream-json} with partial messages. The {@code result} line ends the turn.
 * An API error comes as {@code is_error:true} with {@code subtype:"success"}, so the subtype says
 * nothing and is not even kept; the error's own words stand on the assistant line before it.
 */
final class ClaudeReader implements OutputReader {
  /** The structured facts that a failure is judged by, from the assistant and the result line. */
  private static final List<String> FACTS =
      List.of("api_error_status", "api_error_type", "api_error", "terminal_reason", "stop_reason");

  /**
   * The one thing that it says in prose alone, in the {@code errors} of a result without a turn.
   */
  private static final Pattern NO_CONVERSATION =
      Pattern.compile("No conversation found with session ID: (\\S+)");

  private final Map<String, String> facts = new HashMap<>();
  private final ClaudeText text = new ClaudeText();
  private Optional<String> session = Optional.empty();
  private Optional<String> localCommand = Optional.empty();
  private final Sieve sieve = new Sieve();
  private @Nullable JsonNode result;
  private String answer = "";

  /** The answers of results before the last: each input it was told may have one. */
  private final StringBuilder earlier = new StringBuilder();

  private Optional<FailureSignal> refusal = Optional.empty();
  private boolean heardOfModel;

  /** The process takes no turn, and this is why. */
  void refused(FailureSignal why) {
    refusal = Optional.of(why);
  }

  @Override
  public boolean line(String line, EventSink sink) {
    var object = sieve.object(line);
    if (object.isEmpty()) {
      return true;
    }
    var node = object.get();
    session = JsonPaths.text(node, "session_id").or(() -> session);
    var type = JsonPaths.text(node, "type").orElse("");
    heardOfModel |= !isGreeting(type, node);
    switch (type) {
      case "stream_event" -> {
        // A sub-agent's words are not the answer.
        if (JsonPaths.text(node, "parent_tool_use_id").isEmpty()) {
          text.read(node.path("event"), sink);
        }
      }
      case "assistant" -> assistant(node, sink);
      case "user" -> toolResults(node, sink);
      case "system" -> system(node, sink);
      case "rate_limit_event" -> rateLimit(node.path("rate_limit_info"));
      case "result" -> {
        keepEarlier();
        result = node;
        answer = text.answer(JsonPaths.text(node, "result").orElse(""));
      }
      default -> {}
    }
    return true;
  }

  private void keepEarlier() {
    var last = result;
    if (last != null && !last.path("is_error").asBoolean(false)) {
      earlier.append(answer).append("\n\n");
    }
  }

  /**
   * Comes before its request is answered. Compacting a conversation is work, and is no greeting.
   */
  private static boolean isGreeting(String type, JsonNode node) {
    var subtype = node.path("subtype").asText();
    return type.equals("system")
        && (subtype.equals("init")
            || (subtype.equals("status") && node.path("status").asText().equals("requesting")));
  }

  private void assistant(JsonNode node, EventSink sink) {
    if (node.path("is_api_error_message").asBoolean(false)) {
      JsonPaths.text(node, "error").ifPresent(error -> facts.put("assistant.error", error));
      collectFacts(node);
      return;
    }
    if (node.has("local_command_outcome") || node.has("local_command_source")) {
      localCommand = JsonPaths.text(node, "message.content.0.text").or(() -> Optional.of(""));
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
    var notice =
        switch (node.path("subtype").asText()) {
          case "api_retry" ->
              Optional.of(
                  "claude asks its API again: "
                      + JsonPaths.text(node, "error_status")
                          .map(status -> "HTTP " + status + ", ")
                          .orElse("")
                      + JsonPaths.text(node, "error").orElse("unknown error"));
          case "permission_denied" ->
              Optional.of(
                  "claude was not allowed to use "
                      + JsonPaths.text(node, "tool_name").orElse("a tool"));
          case "model_fallback" -> Optional.of("claude fell back to another model");
          case "informational" -> JsonPaths.text(node, "content");
          default -> Optional.<String>empty();
        };
    notice.ifPresent(text -> sink.accept(new BackendEvent.Notice(text)));
  }

  private void rateLimit(JsonNode info) {
    for (var name : List.of("status", "resetsAt", "rateLimitType")) {
      JsonPaths.text(info, name).ifPresent(value -> facts.put("rate_limit." + name, value));
    }
  }

  private void collectFacts(JsonNode node) {
    for (var fact : FACTS) {
      JsonPaths.text(node, fact).ifPresent(value -> facts.put(fact, value));
    }
  }

  @Override
  public boolean heardOfModel() {
    return heardOfModel;
  }

  @Override
  public AttemptResult end(ExitStatus exit, String stderrTail) {
    if (refusal.isPresent()) {
      return AttemptResult.Failed.of(refusal.get());
    }
    var last = result;
    if (last == null) {
      return new AttemptResult.Failed(withoutResult(exit, stderrTail), session);
    }
    collectFacts(last);
    var said = JsonPaths.text(last, "result").orElse("");
    if (last.path("is_error").asBoolean(false)) {
      return failed(last, said);
    }
    if (JsonPaths.text(last, "stop_reason").equals(Optional.of("refusal"))) {
      return new AttemptResult.Failed(new FailureSignal.Refused("refusal", said), session);
    }
    if (localCommand.isPresent()) {
      return new AttemptResult.Failed(
          new FailureSignal.ProtocolBroken(
              "claude took the message for a command of its own: " + localCommand.get()),
          session);
    }
    return answer.isBlank()
        ? new AttemptResult.Failed(new FailureSignal.AnsweredNothing(), session)
        : new AttemptResult.Answered(new Answer(earlier + answer, usage(last)), session);
  }

  private AttemptResult failed(JsonNode last, String said) {
    var message = said.isEmpty() ? JsonPaths.text(last, "errors.0").orElse("") : said;
    var unknown = NO_CONVERSATION.matcher(message);
    // A turn that began was not refused its session, whatever its text may quote.
    if (last.path("num_turns").asInt(0) == 0 && unknown.lookingAt()) {
      return AttemptResult.Failed.of(
          new FailureSignal.SessionUnknown(unknown.group(1), unknown.group()));
    }
    if ("refusal".equals(facts.get("stop_reason"))) {
      return new AttemptResult.Failed(new FailureSignal.Refused("refusal", message), session);
    }
    if ("connection_failed".equals(facts.get("api_error"))) {
      return new AttemptResult.Failed(new FailureSignal.Unreachable(message), session);
    }
    return new AttemptResult.Failed(
        new FailureSignal.CliReported("claude", facts, message), session);
  }

  private FailureSignal withoutResult(ExitStatus exit, String stderrTail) {
    return Exits.failure(exit, stderrTail)
        .orElseGet(
            () ->
                sieve.isEmpty()
                    ? new FailureSignal.AnsweredNothing()
                    : sieve.unfinished("stream-json", "claude ended without a result line"));
  }

  private static Usage usage(JsonNode last) {
    return new Usage(
        JsonPaths.number(last, "usage.input_tokens"),
        JsonPaths.number(last, "usage.output_tokens"),
        JsonPaths.number(last, "usage.cache_read_input_tokens"));
  }
}
