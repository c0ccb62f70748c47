package dev.turnout.runtimeconfig;

import static dev.turnout.runtimeconfig.ConfigReplica.json;
import static dev.turnout.testing.Patience.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.settings.Settings;
import dev.turnout.settings.SettingsSchema;
import dev.turnout.testing.TestDatabase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Every leaf of the served schema is patched while two replicas run: it is taken, it makes other
 * settings, and both report it. A setting that is new is tried here without a word of anybody's, or
 * fails here until somebody says what it may be.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EverySettingIT {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** What has to be there so that any other setting makes a whole document. */
  private static final String GROUND =
      """
      {'default-agent': 'demo',
       agents: {NAME: {chain: [{backend: 'demo', rotation: 'order'}],
                       'context-overflow-chain': [{backend: 'demo'}],
                       'content-policy-chain': [{backend: 'demo'}],
                       'restart-after-output': true}},
       'auth-profiles': {NAME: {provider: 'openai', kind: 'api_key'}},
       lanes: {NAME: {width: 1}},
       cooldown: {NAME: {first: '1m', longest: '2000h'}},
       http: {'rate-limit': {'per-second': 5, burst: 5}},
       classification: {rules: [{id: 'x', when: 'status = 499', reason: 'network', why: 'y'}]},
       backends: {sh: {kind: 'command', command: 'sh', args: ['{prompt}']}, NAME: {}}}
      """;

  /**
   * Which backend a setting belongs to, by the beginning of what the schema says of it, or by where
   * it is.
   */
  private static final Map<String, String> BACKENDS =
      Map.of(
          "APIs:",
          "{kind: 'openai', 'default-model': 'm'}",
          "Kind command:",
          "{kind: 'command', command: 'tr', args: ['{prompt}'], output: 'json'}",
          "/fields/",
          "{kind: 'command', command: 'tr', args: ['{prompt}'], output: 'json'}",
          "/mcp/",
          "{kind: 'claude', mcp: {enabled: true}}",
          "/mcp-servers/NAME/url",
          "{kind: 'claude', 'mcp-servers': {NAME: {url: 'https://a.example'}}}",
          "/mcp-servers/NAME/headers",
          "{kind: 'claude', 'mcp-servers': {NAME: {url: 'https://a.example'}}}",
          "/mcp-servers/",
          "{kind: 'claude', 'mcp-servers': {NAME: {command: 'x'}}}",
          "/backends/NAME/prompt",
          "{kind: 'claude', args: ['{prompt}']}",
          "",
          "{kind: 'claude', live: {enabled: true}}");

  /** Texts that are neither free nor one of a list. */
  private static final Map<String, String> TEXTS = texts();

  private TestDatabase database;
  private ConfigReplica one;
  private ConfigReplica other;

  /** A place of the schema that holds a value. */
  private record Leaf(List<String> path, JsonNode schema) {
    String pointer() {
      return "/" + String.join("/", path);
    }

    String name() {
      var last = path.getLast();
      return last.equals("0") || last.equals("NAME") ? path.get(path.size() - 2) : last;
    }

    boolean startsWith(String first) {
      return path.getFirst().equals(first);
    }
  }

  private static Map<String, String> texts() {
    var texts = new LinkedHashMap<String, String>();
    // Without more settings than the ground has.
    texts.put("backends.kind", "codex");
    texts.put("egress.allow", "10.0.0.0/8");
    texts.put("egress.deny", "10.0.0.0/8");
    texts.put("default-agent", "NAME");
    texts.put("backend", "sh");
    texts.put("auth-profile", "NAME");
    texts.put("auth-profiles", "NAME");
    texts.put("secret", "env:OTHER");
    texts.put("expose-as", "OTHER_KEY");
    texts.put("workspace", "/elsewhere");
    texts.put("home", "/elsewhere");
    texts.put("runtimes", "api");
    texts.put("url", "https://example.org");
    texts.put("base-url", "https://example.org");
    texts.put("when", "status = 418");
    texts.put("reason", "billing");
    texts.put("time", "HH:mm z");
    texts.put("again_at", "From {0}.");
    texts.put("person_at", "From {0} at the latest.");
    return texts;
  }

  @BeforeAll
  void start() {
    database = TestDatabase.migrated();
    one = new ConfigReplica(database, Map.of()).start();
    other = new ConfigReplica(database, Map.of()).start();
  }

  @AfterAll
  void stop() {
    one.close();
    other.close();
    database.close();
  }

  @TestFactory
  Stream<DynamicTest> everyLeafChangesWhileReplicasRun() throws IOException {
    return leaves().stream()
        .map(leaf -> DynamicTest.dynamicTest(leaf.pointer(), () -> changes(leaf)));
  }

  private void changes(Leaf leaf) {
    write(ground(leaf));
    var before = parts(one.config.snapshot());
    var document = ground(leaf);
    set(document, leaf);

    var revision = write(document);

    assertEquals(revision, one.config.snapshot().revision());
    assertFalse(before.equals(parts(one.config.snapshot())), "it is taken, and nobody reads it");
    await().until(() -> other.config.snapshot().revision() == revision);
    assertTrue(
        parts(one.config.snapshot()).equals(parts(other.config.snapshot())), "both read it alike");
    await()
        .until(
            () ->
                one.config.replicas().stream()
                        .filter(s -> s.revision() == revision && s.error().isEmpty())
                        .count()
                    == 2);
  }

  /** The comparison above means something. */
  @Test
  void sameDocumentMakesEqualSettings() {
    write(
        json(
            GROUND
                .replace("NAME: {}", "NAME: {kind: 'claude'}")
                .replace("{NAME: {f", "{billing: {f")));
    var first = parts(one.config.snapshot());
    one.patch("{queue: {'max-runs': 4}}");
    one.patch("{queue: null}");

    assertTrue(first.equals(parts(one.config.snapshot())));
  }

  private long write(JsonNode document) {
    var result = one.config.put(one.wish(one.config.current().number()), document);
    return switch (result) {
      case WriteResult.Unchanged(var plan) -> plan.base();
      case WriteResult.Written(var revision, _) -> revision.number();
      case WriteResult.Invalid(var plan, _) -> throw new AssertionError(plan.flaws());
      default -> throw new AssertionError(result);
    };
  }

  /** Everything but the number. */
  private static List<Object> parts(Settings settings) {
    return Stream.of(Settings.class.getRecordComponents())
        .filter(component -> !component.getName().equals("revision"))
        .<Object>map(
            component -> {
              try {
                return Objects.requireNonNull(component.getAccessor().invoke(settings));
              } catch (ReflectiveOperationException e) {
                throw new LinkageError(component.getName(), e);
              }
            })
        .toList();
  }

  private static ObjectNode ground(Leaf leaf) {
    var ground = (ObjectNode) json(GROUND);
    var cooldowns = (ObjectNode) ground.path("cooldown");
    cooldowns.set("billing", cooldowns.remove("NAME"));
    var said = leaf.schema().path("description").asText("");
    var kind =
        BACKENDS.keySet().stream()
            .filter(b -> b.startsWith("/") ? leaf.pointer().contains(b) : said.startsWith(b))
            .max(Comparator.comparingInt(String::length))
            .orElseThrow();
    var backend = json(BACKENDS.getOrDefault(leaf.startsWith("backends") ? kind : "", ""));
    ((ObjectNode) ground.path("backends")).set("NAME", backend);
    return ground;
  }

  private static void set(ObjectNode document, Leaf leaf) {
    JsonNode at = document;
    var path = leaf.path();
    for (int i = 0; i < path.size(); i++) {
      boolean last = i == path.size() - 1;
      boolean list = !last && path.get(i + 1).equals("0");
      var step =
          path.get(i).equals("NAME") && leaf.startsWith("cooldown") ? "billing" : path.get(i);
      var known = at.isArray() ? at.path(0) : at.path(step);
      JsonNode next =
          last
              ? value(leaf, known)
              : !known.isMissingNode() ? known : list ? NODES.arrayNode() : NODES.objectNode();
      if (at instanceof ObjectNode object) {
        object.set(step, next);
      } else if (at.isEmpty()) {
        ((ArrayNode) at).add(next);
      } else {
        ((ArrayNode) at).set(0, next);
      }
      at = next;
    }
  }

  /** Another value than the one that is there or that holds without any. */
  private static JsonNode value(Leaf leaf, JsonNode known) {
    var schema = leaf.schema();
    var now = known.isMissingNode() ? schema.path("default").asText("") : known.asText();
    if (schema.has("enum")) {
      var values = new ArrayList<String>();
      schema.path("enum").forEach(value -> values.add(value.asText()));
      values.remove(now);
      // The last one: backends of the first kinds need more settings.
      return NODES.textNode(text(leaf, values.getLast()));
    }
    return switch (schema.path("type").asText()) {
      case "boolean" -> NODES.booleanNode(!now.equals("true"));
      case "integer" -> NODES.numberNode(now.equals("7") ? 8 : 7);
      case "string" ->
          NODES.textNode(
              schema.has("pattern")
                  ? "1000h"
                  : text(leaf, TEXTS.getOrDefault(leaf.name(), "something")));
      default -> throw new AssertionError("nobody knows how to say " + leaf.pointer());
    };
  }

  /** What somebody said of this very place, with the group that it is in. */
  private static String text(Leaf leaf, String otherwise) {
    return TEXTS.getOrDefault(leaf.path().getFirst() + "." + leaf.name(), otherwise);
  }

  private static List<Leaf> leaves() throws IOException {
    var found = new ArrayList<Leaf>();
    collect(List.of(), new ObjectMapper().readTree(SettingsSchema.text()), found);
    assertTrue(found.size() > 100, () -> found.size() + " leaves");
    return found;
  }

  private static void collect(List<String> path, JsonNode schema, List<Leaf> found) {
    schema
        .path("properties")
        .properties()
        .forEach(entry -> collect(then(path, entry.getKey()), entry.getValue(), found));
    if (schema.path("additionalProperties").isObject()) {
      collect(then(path, "NAME"), schema.path("additionalProperties"), found);
    }
    if (schema.has("items")) {
      collect(then(path, "0"), schema.path("items"), found);
    }
    if (!schema.path("type").asText().matches("object|array")) {
      found.add(new Leaf(path, schema));
    }
  }

  private static List<String> then(List<String> path, String step) {
    return Stream.concat(path.stream(), Stream.of(step)).toList();
  }
}
