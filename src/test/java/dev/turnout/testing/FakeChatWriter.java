package dev.turnout.testing;

import static dev.turnout.testing.FakeJson.object;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The Chat Completions API of OpenAI and of the many that copy it. */
final class FakeChatWriter implements FakeWriter {
  private final FakeHttpServer.Exchange exchange;
  private final FakeRequest request;
  private final String id = FakeJson.id("chatcmpl-");
  private final long created = Instant.now().getEpochSecond();

  FakeChatWriter(FakeHttpServer.Exchange exchange, FakeRequest request) {
    this.exchange = exchange;
    this.request = request;
  }

  @Override
  public void open(Reply reply) throws IOException {
    exchange.begin(200, EVENT_STREAM);
    chunk(object("role", "assistant", "content", ""), null);
  }

  @Override
  public void text(String piece) throws IOException {
    chunk(object("content", piece), null);
  }

  @Override
  public void thinking(String text) throws IOException {
    chunk(object("reasoning_content", text), null);
  }

  @Override
  public void done(Reply reply) throws IOException {
    if (reply.tool().isPresent()) {
      var call = call(reply.tool().get());
      call.put("index", 0);
      chunk(object("tool_calls", List.of(call)), null);
    }
    chunk(Map.of(), stop(reply.stop()));
    if (request.body().at("/stream_options/include_usage").asBoolean()) {
      data(envelope("chat.completion.chunk", List.of(), usage(reply)));
    }
    exchange.send("data: [DONE]\n\n");
    exchange.end();
  }

  @Override
  public void error(String type, String message) throws IOException {
    data(object("error", object("message", message, "type", type, "code", type)));
    exchange.end();
  }

  @Override
  public Object document(Reply reply) {
    var message = object("role", "assistant", "content", reply.text());
    reply.tool().ifPresent(tool -> message.put("tool_calls", List.of(call(tool))));
    var choice = object("index", 0, "message", message, "finish_reason", stop(reply.stop()));
    return envelope("chat.completion", List.of(choice), usage(reply));
  }

  private void chunk(Object delta, String finishReason) throws IOException {
    var choice = object("index", 0, "delta", delta, "finish_reason", finishReason);
    data(envelope("chat.completion.chunk", List.of(choice), null));
  }

  private Object envelope(String kind, List<?> choices, Object usage) {
    var envelope =
        object(
            "id",
            id,
            "object",
            kind,
            "created",
            created,
            "model",
            request.model(),
            "choices",
            choices);
    if (usage != null) {
      envelope.put("usage", usage);
    }
    return envelope;
  }

  private static Object usage(Reply reply) {
    return object(
        "prompt_tokens",
        Reply.INPUT_TOKENS,
        "completion_tokens",
        Reply.OUTPUT_TOKENS,
        "total_tokens",
        Reply.INPUT_TOKENS + Reply.OUTPUT_TOKENS,
        "prompt_tokens_details",
        object("cached_tokens", reply.cachedTokens()));
  }

  private static Map<String, Object> call(ToolCall tool) {
    return object(
        "id",
        FakeJson.id("call_"),
        "type",
        "function",
        "function",
        object("name", tool.name(), "arguments", tool.input().toString()));
  }

  private static String stop(Stop stop) {
    return switch (stop) {
      case END -> "stop";
      case TOOL -> "tool_calls";
      case MAX_TOKENS -> "length";
      case REFUSAL -> "content_filter";
    };
  }

  private void data(Object data) throws IOException {
    exchange.send("data: " + FakeJson.text(data) + "\n\n");
  }
}
