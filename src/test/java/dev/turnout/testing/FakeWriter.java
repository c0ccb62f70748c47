package dev.turnout.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes one reply in one dialect, as a stream or as one document. */
interface FakeWriter {
  Map<String, String> EVENT_STREAM = Map.of("content-type", "text/event-stream; charset=utf-8");

  /** How a reply ends. */
  enum Stop {
    END,
    TOOL,
    MAX_TOKENS,
    REFUSAL
  }

  /** A call of a tool that the model makes. */
  record ToolCall(String name, JsonNode input) {}

  /**
   * What the fake model says.
   *
   * @param cachedTokens of the {@link #INPUT_TOKENS}, those that came from a cache
   */
  record Reply(
      List<String> pieces,
      Optional<String> thinking,
      Optional<ToolCall> tool,
      Stop stop,
      int cachedTokens) {
    static final int INPUT_TOKENS = 100;
    static final int OUTPUT_TOKENS = 20;

    String text() {
      return String.join("", pieces);
    }
  }

  void open(Reply reply) throws IOException;

  void text(String piece) throws IOException;

  void thinking(String text) throws IOException;

  void done(Reply reply) throws IOException;

  /** An error after the stream began. */
  void error(String type, String message) throws IOException;

  /** The whole reply as one document. */
  Object document(Reply reply);

  static FakeWriter of(FakeHttpServer.Exchange exchange, FakeRequest request) {
    return switch (request.dialect()) {
      case ANTHROPIC -> new FakeAnthropicWriter(exchange, request);
      case RESPONSES -> new FakeResponsesWriter(exchange, request);
      case CHAT -> new FakeChatWriter(exchange, request);
      case GEMINI -> new FakeGeminiWriter(exchange, request);
    };
  }
}
