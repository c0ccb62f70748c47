package dev.turnout.backend.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonField;
import com.openai.core.JsonString;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionUsage;
import dev.turnout.failure.FailureSignal;
import dev.turnout.turn.Usage;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import okhttp3.OkHttpClient;

/** Chat completions, of OpenAI and of all who speak like it, through OpenAI's SDK. */
final class OpenAiStream implements ModelStream {
  /** Each call brings its own; the SDK refuses to be built without any. */
  private static final String NO_KEY = "none";

  /** The text fields of a chunk that are no thoughts. */
  private static final Set<String> SAID = Set.of("role", "content", "refusal");

  private final OpenAIClient client;
  private final boolean official;

  OpenAiStream(Optional<URI> baseUrl, OkHttpClient http) {
    official = baseUrl.isEmpty();
    var builder = OpenAIOkHttpClient.builder().apiKey(NO_KEY).okHttpClient(http).maxRetries(0);
    baseUrl.ifPresent(url -> builder.baseUrl(url.toString()));
    client = builder.build();
  }

  @Override
  public void read(ModelCall call, Parts parts) throws InterruptedException {
    var mine = client.withOptions(options -> options.apiKey(call.credential().value()));
    try (var response =
        mine.chat().completions().withRawResponse().createStreaming(request(call))) {
      EventStreams.check(response.headers().values("content-type"));
      parts.put(new StreamPart.Opened());
      try (var chunks = response.parse()) {
        var iterator = chunks.stream().iterator();
        while (iterator.hasNext()) {
          tell(iterator.next(), parts);
        }
      }
    }
  }

  private ChatCompletionCreateParams request(ModelCall call) {
    var request =
        ChatCompletionCreateParams.builder()
            .model(call.model())
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build());
    call.systemPrompt().ifPresent(request::addSystemMessage);
    for (var message : call.messages()) {
      if (message.fromUser()) {
        request.addUserMessage(message.text());
      } else {
        request.addAssistantMessage(message.text());
      }
    }
    return limited(request, call.settings().maxOutputTokens()).build();
  }

  /** OpenAI's reasoning models refuse the old name; most others know no other. */
  @SuppressWarnings("deprecation")
  private ChatCompletionCreateParams.Builder limited(
      ChatCompletionCreateParams.Builder request, int maxTokens) {
    return official ? request.maxCompletionTokens(maxTokens) : request.maxTokens(maxTokens);
  }

  private static void tell(ChatCompletionChunk chunk, Parts parts) throws InterruptedException {
    for (var choice : chunk._choices().asKnown().orElse(List.of())) {
      var delta = choice._delta().asKnown();
      var text = delta.flatMap(d -> d.content()).filter(piece -> !piece.isEmpty());
      if (text.isPresent()) {
        parts.put(new StreamPart.Text(text.get()));
      } else if (delta.filter(OpenAiStream::thinks).isPresent()) {
        parts.put(new StreamPart.Working());
      }
      var declined = delta.flatMap(d -> d.refusal()).filter(piece -> !piece.isEmpty());
      if (declined.isPresent()) {
        parts.put(new StreamPart.Declined(declined.get()));
      }
      var stop = choice.finishReason();
      if (stop.isPresent()) {
        parts.put(new StreamPart.Stopped(stop.get().asString()));
      }
    }
    var used = chunk._usage().asKnown();
    if (used.isPresent()) {
      parts.put(new StreamPart.Used(usage(used.get())));
    }
  }

  /** Thoughts have no name that all agree on: reasoning, reasoning_content, thinking … */
  private static boolean thinks(ChatCompletionChunk.Choice.Delta delta) {
    return delta._allProperties().entrySet().stream()
        .filter(property -> !SAID.contains(property.getKey()))
        .anyMatch(
            property -> property.getValue() instanceof JsonString said && !said.value().isEmpty());
  }

  private static Usage usage(CompletionUsage usage) {
    return new Usage(
        number(usage._promptTokens()),
        number(usage._completionTokens()),
        usage._promptTokensDetails().asKnown().stream()
            .flatMap(details -> details.cachedTokens().stream())
            .mapToLong(Long::longValue)
            .findFirst());
  }

  private static OptionalLong number(JsonField<Long> field) {
    return field.asKnown().stream().mapToLong(Long::longValue).findFirst();
  }

  @Override
  public FailureSignal signal(ModelCall call, RuntimeException thrown) {
    return switch (thrown) {
      case OpenAIServiceException rejected ->
          Rejections.read(
              call,
              rejected.statusCode(),
              Rejections.headers(rejected.headers().names(), rejected.headers()::values),
              body(rejected));
      case OpenAIInvalidDataException broken -> Breaks.foreign(call, broken);
      default -> Breaks.read(call, thrown);
    };
  }

  private static JsonNode body(OpenAIServiceException rejected) {
    return rejected.body().isMissing() || rejected.body().isNull()
        ? MissingNode.getInstance()
        : rejected.body().convert(JsonNode.class);
  }
}
