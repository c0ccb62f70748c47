package dev.turnout.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * How this API reads and writes JSON: nothing is guessed. Unknown and doubled fields are refused, a
 * number is no string and a string is no number, and a time is a text with a zone.
 */
final class StrictJson {
  static final ObjectMapper MAPPER = mapper();

  private StrictJson() {}

  private static ObjectMapper mapper() {
    var values = new SimpleModule();
    values.addDeserializer(Instant.class, new TimeText());
    values.addDeserializer(String.class, new StorableText());
    values.addKeyDeserializer(String.class, new StorableName());
    values.addDeserializer(Integer.class, new WholeNumber());
    return JsonMapper.builder()
        .addModule(new Jdk8Module())
        .addModule(new JavaTimeModule())
        .addModule(values)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .defaultPropertyInclusion(
            JsonInclude.Value.construct(
                JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
        .build();
  }

  /** Whether Postgres can store this text as it is: a lossy text would be another one. */
  private static boolean isStorable(String text) {
    return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static final class StorableText extends JsonDeserializer<String> {
    @Override
    public @Nullable String deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      if (!json.hasToken(JsonToken.VALUE_STRING)) {
        return (String) context.handleUnexpectedToken(String.class, json);
      }
      var text = json.getText();
      return isStorable(text)
          ? text
          : (String) context.handleWeirdStringValue(String.class, "", "cannot be stored");
    }
  }

  private static final class StorableName extends KeyDeserializer {
    @Override
    public @Nullable Object deserializeKey(String name, DeserializationContext context)
        throws IOException {
      return isStorable(name)
          ? name
          : context.handleWeirdKey(String.class, name, "cannot be stored");
    }
  }

  /** Tells a number that is too large from one that is none, and names the place of both. */
  private static final class WholeNumber extends JsonDeserializer<Integer> {
    @Override
    public @Nullable Integer deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      if (!json.hasToken(JsonToken.VALUE_NUMBER_INT)) {
        return (Integer) context.handleUnexpectedToken(Integer.class, json);
      }
      return json.getNumberType() == JsonParser.NumberType.INT
          ? (Integer) json.getIntValue()
          : (Integer)
              context.handleWeirdNumberValue(
                  Integer.class, json.getNumberValue(), "is out of range");
    }
  }

  /** RFC 3339, as OpenAPI's {@code date-time} promises. */
  private static final class TimeText extends JsonDeserializer<Instant> {
    @Override
    public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (!json.currentToken().isScalarValue() || json.currentToken().isNumeric()) {
        return (Instant) context.handleUnexpectedToken(Instant.class, json);
      }
      try {
        var time = OffsetDateTime.parse(json.getText()).toInstant();
        // What Postgres cannot store is refused here.
        if (time.isBefore(Instant.EPOCH) || time.isAfter(Instant.parse("9999-01-01T00:00:00Z"))) {
          return (Instant)
              context.handleWeirdStringValue(Instant.class, json.getText(), "is out of range");
        }
        return time;
      } catch (DateTimeException e) {
        return (Instant)
            context.handleWeirdStringValue(Instant.class, json.getText(), "is not RFC 3339");
      }
    }
  }
}
