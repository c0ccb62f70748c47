package dev.turnout.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A setting as it is in force on this replica.
 *
 * @param pointer where it is, or would be, in the document
 * @param key its name in files
 * @param value without secrets: what a file takes from elsewhere is shown as it is written there
 * @param source the layer that it comes from
 * @param changeable whether a document may say it
 * @param overrides the same setting in lower layers, the next lower one first
 */
public record EffectiveSetting(
    String pointer,
    String key,
    JsonNode value,
    String source,
    boolean changeable,
    List<Layer> overrides) {
  public EffectiveSetting {
    overrides = List.copyOf(overrides);
  }

  /** What another layer says. */
  public record Layer(String source, JsonNode value) {}
}
