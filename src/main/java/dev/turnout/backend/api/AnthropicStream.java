package dev.turnout.backend.api;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientImpl;
import com.anthropic.core.ClientOptions;
import com.anthropic.core.JsonField;
import com.anthropic.errors.AnthropicInvalidDataException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawContentBlockDelta;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.turnout.failure.FailureSignal;
import dev.turnout.settings.AuthProfileSettings.CredentialKind;
import dev.turnout.turn.Usage;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;
import okhttp3.OkHttpClient;

/** The Messages API of Anthropic, through its SDK. */
final class AnthropicStream implements ModelStream {
  private static final URI PUBLIC = URI.create("https://api.anthropic.com");

  private final AnthropicClient client;

  AnthropicStream(Optional<URI> baseUrl, OkHttpClient http) {
    client =
        new AnthropicClientImpl(
            // No credential: each call brings its own. The SDK's own client looks for one in the
            // environment, which would bill whoever started Turnout.
            ClientOptions.builder()
                .httpClient(new AnthropicHttp(http))
                .baseUrl(baseUrl.orElse(PUBLIC).toString())
                .maxRetries(0)
                .build());
  }

  @Override
  public void read(ModelCall call, Parts parts) throws InterruptedException {
    try (var response = client.messages().withRawResponse().createStreaming(request(call))) {
      EventStreams.check(response.headers().values("content-type"));
      parts.put(new StreamPart.Opened());
      var usage = new Tally();
      try (var events = response.parse()) {
        var iterator = events.stream().iterator();
        while (iterator.hasNext()) {
          tell(iterator.next(), usage, parts);
        }
      }
      parts.put(new StreamPart.Used(usage.total()));
    }
  }

  private static MessageCreateParams request(ModelCall call) {
    var request =
        MessageCreateParams.builder()
            .model(call.model())
            .maxTokens(call.settings().maxOutputTokens());
    call.systemPrompt().ifPresent(request::system);
    for (var message : call.messages()) {
      if (message.fromUser()) {
        request.addUserMessage(message.text());
      } else {
        request.addAssistantMessage(message.text());
      }
    }
    var credential = call.credential();
    if (credential.kind() == CredentialKind.TOKEN) {
      request.putAdditionalHeader("authorization", "Bearer " + credential.value());
    } else {
      request.putAdditionalHeader("x-api-key", credential.value());
    }
    return request.build();
  }

  private static void tell(RawMessageStreamEvent event, Tally usage, Parts parts)
      throws InterruptedException {
    event.messageStart().ifPresent(start -> usage.start(start.message().usage()));
    var delta = event.contentBlockDelta().map(block -> block.delta());
    if (delta.isPresent()) {
      var text = delta.get().text().map(piece -> piece.text()).filter(piece -> !piece.isEmpty());
      parts.put(text.<StreamPart>map(StreamPart.Text::new).orElseGet(() -> silent(delta.get())));
    }
    var last = event.messageDelta();
    if (last.isPresent()) {
      usage.outputTokens = number(last.get().usage()._outputTokens());
      var stop = last.get().delta().stopReason();
      if (stop.isPresent()) {
        parts.put(new StreamPart.Stopped(stop.get().asString()));
      }
    }
  }

  private static StreamPart silent(RawContentBlockDelta delta) {
    return delta.isText() ? new StreamPart.Opened() : new StreamPart.Working();
  }

  /** What the first and the last event of a stream count. */
  private static final class Tally {
    private OptionalLong inputTokens = OptionalLong.empty();
    private OptionalLong outputTokens = OptionalLong.empty();
    private OptionalLong cachedInputTokens = OptionalLong.empty();

    void start(com.anthropic.models.messages.Usage usage) {
      inputTokens = number(usage._inputTokens());
      outputTokens = number(usage._outputTokens());
      cachedInputTokens = number(usage._cacheReadInputTokens());
    }

    Usage total() {
      return new Usage(inputTokens, outputTokens, cachedInputTokens);
    }
  }

  private static OptionalLong number(JsonField<Long> field) {
    return field.asKnown().stream().mapToLong(Long::longValue).findFirst();
  }

  @Override
  public FailureSignal signal(ModelCall call, RuntimeException thrown) {
    return switch (thrown) {
      case AnthropicServiceException rejected ->
          Rejections.read(
              call,
              rejected.statusCode(),
              Rejections.headers(rejected.headers().names(), rejected.headers()::values),
              body(rejected));
      case AnthropicInvalidDataException broken -> Breaks.foreign(call, broken);
      default -> Breaks.read(call, thrown);
    };
  }

  private static JsonNode body(AnthropicServiceException rejected) {
    return rejected.body().isMissing() || rejected.body().isNull()
        ? MissingNode.getInstance()
        : rejected.body().convert(JsonNode.class);
  }
}
