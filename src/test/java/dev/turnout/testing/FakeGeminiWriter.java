package dev.turnout.testing;

import static dev.turnout.testing.FakeJson.object;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The generateContent API of Gemini. */
final class FakeGeminiWriter implements FakeWriter {
  private final FakeHttpServer.Exchange exchange;
  private final FakeRequest request;
  private final String id = FakeJson.id("");
  private int cachedTokens;

  FakeGeminiWriter(FakeHttpServer.Exchange exchange, FakeRequest request) {
    this.exchange = exchange;
    this.request = request;
  }

  @Override
  public void open(Reply reply) throws IOException {
    cachedTokens = reply.cachedTokens();
    exchange.begin(200, EVENT_STREAM);
  }

  @Override
  public void text(String piece) throws IOException {
    data(chunk(List.of(object("text", piece)), null));
  }

  @Override
  public void thinking(String text) throws IOException {
    data(chunk(List.of(object("text", text, "thought", true)), null));
  }

  @Override
  public void done(Reply reply) throws IOException {
    var last = reply.tool().map(FakeGeminiWriter::call).orElseGet(() -> object("text", ""));
    data(chunk(List.of(last), stop(reply.stop())));
    exchange.end();
  }

  @Override
  public void error(String type, String message) throws IOException {
    data(object("error", object("code", 503, "message", message, "status", "UNAVAILABLE")));
    exchange.end();
  }

  @Override
  public Object document(Reply reply) {
    cachedTokens = reply.cachedTokens();
    var parts = new ArrayList<>();
    if (!reply.pieces().isEmpty()) {
      parts.add(object("text", reply.text()));
    }
    reply.tool().map(FakeGeminiWriter::call).ifPresent(parts::add);
    return chunk(parts, stop(reply.stop()));
  }

  private static java.util.Map<String, Object> call(ToolCall tool) {
    return object("functionCall", object("name", tool.name(), "args", tool.input()));
  }

  private Object chunk(List<?> parts, String finishReason) {
    var candidate = object("index", 0, "content", object("role", "model", "parts", parts));
    if (finishReason != null) {
      candidate.put("finishReason", finishReason);
    }
    var usage =
        object(
            "promptTokenCount",
            Reply.INPUT_TOKENS,
            "cachedContentTokenCount",
            cachedTokens,
            "candidatesTokenCount",
            Reply.OUTPUT_TOKENS,
            "totalTokenCount",
            Reply.INPUT_TOKENS + Reply.OUTPUT_TOKENS);
    return object(
        "candidates",
        List.of(candidate),
        "usageMetadata",
        usage,
        "modelVersion",
        request.model(),
        "responseId",
        id);
  }

  private static String stop(Stop stop) {
    return switch (stop) {
      case END, TOOL -> "STOP";
      case MAX_TOKENS -> "MAX_TOKENS";
      case REFUSAL -> "SAFETY";
    };
  }

  private void data(Object data) throws IOException {
    exchange.send("data: " + FakeJson.text(data) + "\r\n\r\n");
  }
}
