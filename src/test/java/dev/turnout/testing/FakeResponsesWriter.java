package dev.turnout.testing;

import static dev.turnout.testing.FakeJson.object;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The Responses API of OpenAI, as far as the Codex CLI needs it. */
final class FakeResponsesWriter implements FakeWriter {
  private final FakeHttpServer.Exchange exchange;
  private final FakeRequest request;
  private final String responseId = FakeJson.id("resp_");
  private final String messageId = FakeJson.id("msg_");
  private final StringBuilder text = new StringBuilder();
  private int sequence;

  FakeResponsesWriter(FakeHttpServer.Exchange exchange, FakeRequest request) {
    this.exchange = exchange;
    this.request = request;
  }

  @Override
  public void open(Reply reply) throws IOException {
    var headers = new HashMap<>(EVENT_STREAM);
    headers.put("x-request-id", FakeJson.id("req_"));
    exchange.begin(200, headers);
    event("response.created", "response", response("in_progress", List.of()));
  }

  @Override
  public void text(String piece) throws IOException {
    if (text.isEmpty()) {
      event("response.output_item.added", "output_index", 0, "item", message("in_progress"));
      part("response.content_part.added", "part", outputText(""));
    }
    text.append(piece);
    part("response.output_text.delta", "delta", piece);
  }

  @Override
  public void thinking(String thought) {
    // Reasoning travels encrypted here; a fake has nothing to encrypt.
  }

  @Override
  public void done(Reply reply) throws IOException {
    var output = new ArrayList<>();
    if (!text.isEmpty()) {
      part("response.output_text.done", "text", text.toString());
      output.add(message("completed"));
      event("response.output_item.done", "output_index", 0, "item", output.getFirst());
    }
    if (reply.tool().isPresent()) {
      var item = call(reply.tool().get());
      var begun = new HashMap<>(item);
      begun.put("arguments", "");
      begun.put("status", "in_progress");
      event("response.output_item.added", "output_index", output.size(), "item", begun);
      event("response.output_item.done", "output_index", output.size(), "item", item);
      output.add(item);
    }
    var ended = ended(reply, output);
    event("response." + ended.get("status"), "response", ended);
    exchange.end();
  }

  @Override
  public void error(String type, String message) throws IOException {
    var failed = response("failed", List.of());
    failed.put("error", object("code", type, "message", message));
    event("response.failed", "response", failed);
    exchange.end();
  }

  @Override
  public Object document(Reply reply) {
    text.append(reply.text());
    var output = new ArrayList<>();
    if (!text.isEmpty()) {
      output.add(message("completed"));
    }
    reply.tool().ifPresent(tool -> output.add(call(tool)));
    return ended(reply, output);
  }

  private Map<String, Object> ended(Reply reply, List<?> output) {
    var response =
        switch (reply.stop()) {
          case END, TOOL -> response("completed", output);
          case MAX_TOKENS -> incomplete(output, "max_output_tokens");
          case REFUSAL -> incomplete(output, "content_filter");
        };
    response.put(
        "usage",
        object(
            "input_tokens",
            Reply.INPUT_TOKENS,
            "input_tokens_details",
            object("cached_tokens", reply.cachedTokens()),
            "output_tokens",
            Reply.OUTPUT_TOKENS,
            "output_tokens_details",
            object("reasoning_tokens", 0),
            "total_tokens",
            Reply.INPUT_TOKENS + Reply.OUTPUT_TOKENS));
    return response;
  }

  private Map<String, Object> incomplete(List<?> output, String why) {
    var response = response("incomplete", output);
    response.put("incomplete_details", object("reason", why));
    return response;
  }

  private Map<String, Object> response(String status, List<?> output) {
    return object(
        "id",
        responseId,
        "object",
        "response",
        "created_at",
        Instant.now().getEpochSecond(),
        "status",
        status,
        "model",
        request.model(),
        "output",
        output,
        "error",
        null,
        "incomplete_details",
        null);
  }

  private Object message(String status) {
    var content = status.equals("completed") ? List.of(outputText(text.toString())) : List.of();
    return object(
        "type",
        "message",
        "id",
        messageId,
        "role",
        "assistant",
        "status",
        status,
        "content",
        content);
  }

  private static Object outputText(String text) {
    return object("type", "output_text", "text", text, "annotations", List.of());
  }

  /** A tool named {@code space.name} was declared in a namespace, and is called by both. */
  private static Map<String, Object> call(ToolCall tool) {
    var item =
        object(
            "type",
            "function_call",
            "id",
            FakeJson.id("fc_"),
            "call_id",
            FakeJson.id("call_"),
            "status",
            "completed",
            "arguments",
            tool.input().toString());
    var dot = tool.name().lastIndexOf('.');
    item.put("name", tool.name().substring(dot + 1));
    if (dot >= 0) {
      item.put("namespace", tool.name().substring(0, dot));
    }
    return item;
  }

  private void part(String type, String key, Object value) throws IOException {
    event(type, "item_id", messageId, "output_index", 0, "content_index", 0, key, value);
  }

  private void event(String type, Object... keysAndValues) throws IOException {
    var data = object("type", type, "sequence_number", sequence++);
    data.putAll(object(keysAndValues));
    exchange.send("event: " + type + "\ndata: " + FakeJson.text(data) + "\n\n");
  }
}
