package dev.turnout.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The published description, for tests that are driven by it. */
final class Contract {
  private final JsonNode root;

  private Contract(JsonNode root) {
    this.root = root;
  }

  /** One call of the description. */
  record Call(String method, String path, JsonNode description) {
    String name() {
      return description.path("operationId").asText();
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  /** The description that the running service gives of itself. */
  static Contract served() throws IOException {
    return new Contract(
        new ObjectMapper().readTree(Api.admin().get("/openapi?format=json").asByteArray()));
  }

  List<Call> calls() {
    var calls = new ArrayList<Call>();
    root.path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        call ->
                            calls.add(
                                new Call(
                                    call.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    call.getValue()))));
    return calls;
  }

  /** What a reference leads to, and anything else itself. */
  JsonNode resolve(JsonNode node) {
    var found = node;
    while (found.has("$ref")) {
      found = root.at(found.get("$ref").asText().substring(1));
    }
    return found;
  }

  /** What is wrong with an answer of this call; empty when it is one that the call may give. */
  Optional<String> flaw(Call call, int status, @Nullable String contentType, byte[] body) {
    var described = resolve(call.description().path("responses").path(String.valueOf(status)));
    if (described.isMissingNode()) {
      return Optional.of("undocumented status " + status);
    }
    var formats = described.path("content");
    if (formats.isEmpty() || contentType == null) {
      return formats.isEmpty() && body.length == 0
          ? Optional.empty()
          : Optional.of("status " + status + " with content of type " + contentType);
    }
    var format = contentType.split(";", 2)[0].strip();
    if (!formats.has(format)) {
      return Optional.of("status " + status + " with undocumented content type " + contentType);
    }
    if (!format.endsWith("json")) {
      return Optional.empty();
    }
    try {
      return misfit(formats.path(format).path("schema"), new ObjectMapper().readTree(body), "")
          .map(flaw -> "status " + status + ": " + flaw);
    } catch (IOException e) {
      return Optional.of("status " + status + " with a body that is not JSON");
    }
  }

  /** Where this value is not what the schema says. */
  private Optional<String> misfit(JsonNode declared, JsonNode value, String place) {
    var schema = resolve(declared);
    if (schema.has("enum") && !contains(schema.path("enum"), value)) {
      return Optional.of(place + " is " + value + ", which is none of " + schema.path("enum"));
    }
    if (schema.has("type") && !isOf(schema.path("type"), value)) {
      return Optional.of(place + " is no " + schema.path("type"));
    }
    for (var required : schema.path("required")) {
      if (value.isObject() && !value.has(required.asText())) {
        return Optional.of(place + "/" + required.asText() + " is not there");
      }
    }
    for (var property : value.properties()) {
      var known = schema.path("properties").path(property.getKey());
      var where = place + "/" + property.getKey();
      if (known.isMissingNode() && schema.has("properties") && !isOpen(schema)) {
        return Optional.of(where + " is undocumented");
      }
      var flaw = misfit(known, property.getValue(), where);
      if (flaw.isPresent()) {
        return flaw;
      }
    }
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      var flaw = misfit(schema.path("items"), value.get(i), place + "/" + i);
      if (flaw.isPresent()) {
        return flaw;
      }
    }
    return Optional.empty();
  }

  private static boolean isOpen(JsonNode schema) {
    return schema.has("additionalProperties") || schema.has("allOf");
  }

  private static boolean contains(JsonNode all, JsonNode value) {
    for (var one : all) {
      if (one.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOf(JsonNode type, JsonNode value) {
    if (type.isArray()) {
      for (var one : type) {
        if (isOf(one, value)) {
          return true;
        }
      }
      return false;
    }
    return switch (type.asText()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> throw new IllegalStateException("no type of JSON: " + type);
    };
  }
}
