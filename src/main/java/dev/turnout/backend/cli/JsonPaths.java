package dev.turnout.backend.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads facts out of a CLI's JSON by dotted paths such as {@code message.content.0.text}. */
final class JsonPaths {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonPaths() {}

  /** The object on this line; empty when it is anything else. */
  static Optional<JsonNode> object(String line) {
    try {
      var node = JSON.readTree(line);
      return node != null && node.isObject() ? Optional.of(node) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  static Optional<JsonNode> at(JsonNode root, String path) {
    JsonNode node = root;
    for (var step : path.split("\\.", -1)) {
      node =
          step.matches("\\d+") && node.isArray()
              ? node.path(Integer.parseInt(step))
              : node.path(step);
    }
    return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(node);
  }

  /** The text at this path; a value that is not text is given as its JSON. */
  static Optional<String> text(JsonNode root, String path) {
    return at(root, path).map(node -> node.isValueNode() ? node.asText() : node.toString());
  }

  static Optional<String> text(JsonNode root, Optional<String> path) {
    return path.flatMap(p -> text(root, p));
  }

  static OptionalLong number(JsonNode root, String path) {
    return at(root, path)
        .filter(JsonNode::isNumber)
        .map(node -> OptionalLong.of(node.asLong()))
        .orElse(OptionalLong.empty());
  }

  static OptionalLong number(JsonNode root, Optional<String> path) {
    return path.map(p -> number(root, p)).orElse(OptionalLong.empty());
  }
}
