package dev.turnout.testing;

import static dev.turnout.testing.FakeJson.object;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The Messages API of Anthropic. */
final class FakeAnthropicWriter implements FakeWriter {
  private final FakeHttpServer.Exchange exchange;
  private final FakeRequest request;
  private final String id = FakeJson.id("msg_");
  private int block = -1;
  private boolean textIsOpen;

  FakeAnthropicWriter(FakeHttpServer.Exchange exchange, FakeRequest request) {
    this.exchange = exchange;
    this.request = request;
  }

  @Override
  public void open(Reply reply) throws IOException {
    var headers = new HashMap<>(EVENT_STREAM);
    headers.put("request-id", FakeJson.id("req_"));
    exchange.begin(200, headers);
    event("message_start", "message", message(List.of(), null, usage(reply, 1)));
    event("ping");
  }

  @Override
  public void text(String piece) throws IOException {
    if (!textIsOpen) {
      textIsOpen = true;
      startBlock(object("type", "text", "text", ""));
    }
    delta(object("type", "text_delta", "text", piece));
  }

  @Override
  public void thinking(String text) throws IOException {
    startBlock(object("type", "thinking", "thinking", "", "signature", ""));
    delta(object("type", "thinking_delta", "thinking", text));
    delta(object("type", "signature_delta", "signature", "ZmFrZQ=="));
    event("content_block_stop", "index", block);
  }

  @Override
  public void done(Reply reply) throws IOException {
    if (textIsOpen) {
      event("content_block_stop", "index", block);
    }
    if (reply.tool().isPresent()) {
      var tool = reply.tool().get();
      startBlock(
          object(
              "type",
              "tool_use",
              "id",
              FakeJson.id("toolu_"),
              "name",
              tool.name(),
              "input",
              Map.of()));
      delta(object("type", "input_json_delta", "partial_json", tool.input().toString()));
      event("content_block_stop", "index", block);
    }
    event(
        "message_delta",
        "delta",
        object("stop_reason", stop(reply.stop()), "stop_sequence", null),
        "usage",
        object("output_tokens", Reply.OUTPUT_TOKENS));
    event("message_stop");
    exchange.end();
  }

  @Override
  public void error(String type, String message) throws IOException {
    event("error", "error", object("type", type, "message", message));
    exchange.end();
  }

  @Override
  public Object document(Reply reply) {
    var content = new ArrayList<>();
    if (!reply.pieces().isEmpty()) {
      content.add(object("type", "text", "text", reply.text()));
    }
    reply
        .tool()
        .ifPresent(
            tool ->
                content.add(
                    object(
                        "type",
                        "tool_use",
                        "id",
                        FakeJson.id("toolu_"),
                        "name",
                        tool.name(),
                        "input",
                        tool.input())));
    return message(content, stop(reply.stop()), usage(reply, Reply.OUTPUT_TOKENS));
  }

  private Object message(List<?> content, String stopReason, Object usage) {
    return object(
        "id",
        id,
        "type",
        "message",
        "role",
        "assistant",
        "model",
        request.model(),
        "content",
        content,
        "stop_reason",
        stopReason,
        "stop_sequence",
        null,
        "usage",
        usage);
  }

  /** Here the tokens from the cache are counted apart from the others. */
  private static Object usage(Reply reply, int outputTokens) {
    return object(
        "input_tokens",
        Reply.INPUT_TOKENS - reply.cachedTokens(),
        "cache_creation_input_tokens",
        0,
        "cache_read_input_tokens",
        reply.cachedTokens(),
        "output_tokens",
        outputTokens);
  }

  private static String stop(Stop stop) {
    return switch (stop) {
      case END -> "end_turn";
      case TOOL -> "tool_use";
      case MAX_TOKENS -> "max_tokens";
      case REFUSAL -> "refusal";
    };
  }

  private void startBlock(Object content) throws IOException {
    event("content_block_start", "index", ++block, "content_block", content);
  }

  private void delta(Object delta) throws IOException {
    event("content_block_delta", "index", block, "delta", delta);
  }

  private void event(String type, Object... keysAndValues) throws IOException {
    var data = object("type", type);
    data.putAll(object(keysAndValues));
    exchange.send("event: " + type + "\ndata: " + FakeJson.text(data) + "\n\n");
  }
}
