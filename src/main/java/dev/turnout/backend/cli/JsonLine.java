package dev.turnout.backend.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;

/**
 * Writes a line for a process that reads JSON line by line. INVARIANT: whatever a person has
 * written becomes one line. All that is not ASCII is escaped, because some readers break lines at
 * U+2028 too, and half of a surrogate pair would be no UTF-8.
 */
final class JsonLine {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private JsonLine() {}

  static String of(Map<String, ?> object) {
    try {
      return JSON.writeValueAsString(object) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of texts can be written", e);
    }
  }
}
