package dev.turnout.events;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.turnout.turn.Answer;
import dev.turnout.turn.Attempt;
import dev.turnout.turn.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;

/** The nouns whose JSON is not simply their components: the turn has no room for Jackson. */
final class EventShapes {
  private EventShapes() {}

  static SimpleModule module() {
    var module = new SimpleModule("shapes");
    module.setMixInAnnotation(Attempt.class, AttemptShape.class);
    module.setMixInAnnotation(Answer.class, AnswerShape.class);
    return module;
  }

  /** Durations on the wire are whole milliseconds, here as in the body of a turn. */
  interface AttemptShape {
    @JsonProperty("tookMs")
    @JsonAlias("took")
    @JsonSerialize(using = Millis.class)
    @JsonDeserialize(using = MillisOrText.class)
    Duration took();

    /** Told of those alone that were skipped. */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    boolean skipped();

    /** Told of those alone that somebody else made void. */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    boolean voided();
  }

  /** A usage of which nothing is known is left out. */
  interface AnswerShape {
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonSerialize(using = UsageWriter.class)
    @JsonDeserialize(using = UsageReader.class)
    Usage usage();
  }

  private static final class Millis extends JsonSerializer<Duration> {
    @Override
    public void serialize(Duration took, JsonGenerator json, SerializerProvider serializers)
        throws IOException {
      json.writeNumber(took.toMillis());
    }
  }

  /** INVARIANT: rows that say {@code "took":"PT1.5S"} stay readable; they were written before. */
  private static final class MillisOrText extends JsonDeserializer<Duration> {
    @Override
    public Duration deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      return json.currentToken().isNumeric()
          ? Duration.ofMillis(json.getLongValue())
          : Duration.parse(json.getText());
    }
  }

  private static final class UsageWriter extends JsonSerializer<Usage> {
    @Override
    public boolean isEmpty(SerializerProvider serializers, Usage usage) {
      return usage.equals(Usage.UNKNOWN);
    }

    @Override
    public void serialize(Usage usage, JsonGenerator json, SerializerProvider serializers)
        throws IOException {
      json.writeStartObject();
      write("inputTokens", usage.inputTokens(), json);
      write("outputTokens", usage.outputTokens(), json);
      write("cachedInputTokens", usage.cachedInputTokens(), json);
      json.writeEndObject();
    }

    private static void write(String name, OptionalLong tokens, JsonGenerator json)
        throws IOException {
      if (tokens.isPresent()) {
        json.writeNumberField(name, tokens.getAsLong());
      }
    }
  }

  private static final class UsageReader extends JsonDeserializer<Usage> {
    @Override
    public Usage getAbsentValue(DeserializationContext context) {
      return Usage.UNKNOWN;
    }

    @Override
    public Usage deserialize(JsonParser json, DeserializationContext context) throws IOException {
      JsonNode usage = json.readValueAsTree();
      return new Usage(
          read(usage, "inputTokens"),
          read(usage, "outputTokens"),
          read(usage, "cachedInputTokens"));
    }

    private static OptionalLong read(JsonNode usage, String name) {
      var tokens = usage.path(name);
      return tokens.isNumber() ? OptionalLong.of(tokens.longValue()) : OptionalLong.empty();
    }
  }
}
