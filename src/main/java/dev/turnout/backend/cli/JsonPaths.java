package dev.turnout.backend.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads facts out of a CLI's JSON by dotted paths such as {@code message.content.0.text}. */
final class JsonPaths {
  /** More values than an agent says at once; each costs many times what it takes on the line. */
  private static final long MOST_TOKENS = 1_000_000;

  /**
   * How long a line may be is decided where it is read from the process: a text may be all of it.
   * How deep it nests, and how long a number or a name may be, is left as the library has it.
   */
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxStringLength(Integer.MAX_VALUE)
                      .maxTokenCount(MOST_TOKENS)
                      .build())
              .build());

  private JsonPaths() {}

  /** What is on a line. */
  sealed interface Line {
    /** A JSON object. */
    record Of(JsonNode object) implements Line {}

    /** No JSON object: a banner, a warning, half of one. */
    record Stray() implements Line {}

    /**
     * The beginning of JSON that goes beyond all that is read. Nobody knows what it said.
     *
     * @param why what there is too much of, without anything of the line
     */
    record Unreadable(String why) implements Line {}
  }

  static Line read(String line) {
    try {
      var node = JSON.readTree(line);
      return node != null && node.isObject() ? new Line.Of(node) : new Line.Stray();
    } catch (StreamConstraintsException e) {
      return new Line.Unreadable(
          "it said more in one line than is read: " + e.getOriginalMessage());
    } catch (JsonProcessingException e) {
      return new Line.Stray();
    }
  }

  /** The object on this line; empty when it is anything else. */
  static Optional<JsonNode> object(String line) {
    return read(line) instanceof Line.Of(var node) ? Optional.of(node) : Optional.empty();
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
