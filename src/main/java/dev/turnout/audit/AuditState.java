package dev.turnout.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.turnout.failure.SecretPatterns;
import dev.turnout.failure.StorableText;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * What a thing was or became, as JSON that may be kept for ever: without credentials, and small.
 */
final class AuditState {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
          .build();

  /** Names of fields whose texts are taken out whatever they look like. */
  private static final Pattern SECRET_NAME =
      Pattern.compile("(?i).*(secret|password|passwd|credential|private_?key|api_?key|token)");

  private static final String REDACTED = "[redacted]";

  private AuditState() {}

  /** As it is stored. */
  static String json(Object state) {
    var clean = clean(MAPPER.valueToTree(state));
    var text = write(clean);
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes <= AuditEntry.STATE_LIMIT) {
      return text;
    }
    var note = MAPPER.createObjectNode();
    note.put("bytes", bytes);
    note.put("beginning", beginning(text));
    return write(MAPPER.createObjectNode().set("tooLarge", note));
  }

  /** Escapes can make each character of it two, and its bytes up to three. */
  private static String beginning(String text) {
    int end = AuditEntry.STATE_LIMIT / 8;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
  }

  private static JsonNode clean(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        for (var field : object.properties()) {
          boolean named = SECRET_NAME.matcher(field.getKey()).matches();
          field.setValue(
              named && field.getValue().isTextual()
                  ? TextNode.valueOf(REDACTED)
                  : clean(field.getValue()));
        }
        yield object;
      }
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          array.set(i, clean(array.get(i)));
        }
        yield array;
      }
      case TextNode text -> TextNode.valueOf(storable(SecretPatterns.redact(text.textValue())));
      default -> node;
    };
  }

  /** Of a request's own words: a header may hold what no table can. */
  static String storable(String text) {
    return StorableText.of(text);
  }

  private static String write(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is not JSON", e);
    }
  }
}
