package dev.turnout.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Random;

/** Values that a description allows, that lie at its edges, and that it forbids. */
final class FuzzValues {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** What has broken other services. */
  static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "ok",
          "fail 500",
          "fail 402",
          "say one; say two",
          "demo",
          "default",
          "a\u0000b",
          "\ud800",
          "\ufffd",
          "😀",
          "\u202eetxet",
          "a\r\nX-Injected: 1",
          "../../../../etc/passwd",
          "..%2f..%2f",
          "%",
          "%00",
          "';drop table turnout.turn;--",
          "${jndi:ldap://127.0.0.1:1/a}",
          "#{7*7}",
          "$(id)",
          "null",
          "true",
          "-1",
          "0",
          "1",
          "2147483648",
          "99999999999999999999",
          "1e400",
          "NaN",
          "0x10",
          "2026-01-31T08:00:00Z",
          "2096-01-31T08:00:00+01:00",
          "-999999999-01-01T00:00:00+18:00",
          "+999999999-12-31T23:59:59Z",
          "PT5S",
          "PT-5S",
          "P999999999D",
          "00000000-0000-0000-0000-000000000000",
          "ffffffff-ffff-ffff-ffff-ffffffffffff",
          "1-1-1-1-1",
          "MSAx",
          "LTE",
          "(((((((((((((((((((((((((((((((((a+)+)+)+$",
          "x".repeat(65),
          "x".repeat(513),
          "ä".repeat(9_000));

  private final Random random;
  private final Contract contract;

  FuzzValues(Random random, Contract contract) {
    this.random = random;
    this.contract = contract;
  }

  <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** Some body for this schema: mostly one that holds, with a flaw in some places. */
  JsonNode value(JsonNode declared, int depth) {
    var schema = contract.resolve(declared);
    if (chance(6)) {
      return anything(depth);
    }
    if (schema.has("enum")) {
      return schema.path("enum").get(random.nextInt(schema.path("enum").size()));
    }
    if (schema.has("examples") && chance(depth == 0 ? 25 : 40)) {
      return pick(List.copyOf(schema.path("examples").valueStream().toList()));
    }
    var type = schema.path("type");
    return switch (type.isArray() ? type.get(0).asText() : type.asText("any")) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema, depth);
      case "string" -> JSON.textNode(text(schema));
      case "integer", "number" -> number(schema);
      case "boolean" -> JSON.booleanNode(random.nextBoolean());
      default -> anything(depth);
    };
  }

  private JsonNode object(JsonNode schema, int depth) {
    var object = JSON.objectNode();
    for (var property : schema.path("properties").properties()) {
      boolean required = isRequired(schema, property.getKey());
      if (required ? !chance(3) : chance(depth > 4 ? 0 : 35)) {
        object.set(property.getKey(), value(property.getValue(), depth + 1));
      }
    }
    if (schema.path("additionalProperties").isObject()) {
      for (int i = random.nextInt(4); i > 0; i--) {
        object.set(pick(TEXTS), value(schema.path("additionalProperties"), depth + 1));
      }
    }
    if (chance(4)) {
      object.set(pick(TEXTS), anything(depth));
    }
    return object;
  }

  private static boolean isRequired(JsonNode schema, String name) {
    return schema.path("required").valueStream().anyMatch(n -> n.asText().equals(name));
  }

  private JsonNode array(JsonNode schema, int depth) {
    var array = JSON.arrayNode();
    for (int i = chance(3) ? 300 : random.nextInt(4); i > 0; i--) {
      array.add(value(schema.path("items"), depth + 1));
    }
    return array;
  }

  private String text(JsonNode schema) {
    if (schema.path("format").asText().equals("date-time") && chance(70)) {
      return "2096-0" + (1 + random.nextInt(9)) + "-01T00:00:00Z";
    }
    return pick(TEXTS);
  }

  private JsonNode number(JsonNode schema) {
    long low = schema.path("minimum").asLong(-5);
    long high = schema.path("maximum").asLong(5);
    return JSON.numberNode(
        pick(List.of(low, high, low - 1, high + 1, 0L, 1L, Integer.MAX_VALUE + 1L)));
  }

  private JsonNode anything(int depth) {
    return switch (random.nextInt(8)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2 -> JSON.numberNode(pick(List.of(-1L, 0L, 1L, Long.MAX_VALUE, Long.MIN_VALUE)));
      case 3 -> JSON.numberNode(pick(List.of(0.5, -1e300, 1e-300)));
      case 4 -> JSON.arrayNode().add(depth > 3 ? JSON.nullNode() : anything(depth + 1));
      case 5 ->
          JSON.objectNode().set(pick(TEXTS), depth > 3 ? JSON.nullNode() : anything(depth + 1));
      default -> JSON.textNode(pick(TEXTS));
    };
  }

  /** What is not JSON, or is no good one. */
  String brokenBody() {
    return pick(
        List.of(
            "",
            "{",
            "[]",
            "null",
            "\"\"",
            "{\"input\":{\"text\":\"ok\"}}{}",
            "{\"a\":1,\"a\":2}",
            "[".repeat(5_000),
            "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000),
            "{\"input\":{\"text\":\"\\ud800\"}}",
            "1".repeat(3_000),
            "\ufeff{}",
            "<xml/>"));
  }
}
