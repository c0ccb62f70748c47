package dev.turnout.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.usermessage.Language;
import dev.turnout.usermessage.MessageTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The schema of the document says what the code says, and every setting can be said in it. */
class SettingsSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path RESOURCE =
      Path.of("src/main/resources/dev/turnout/settings", SettingsSchema.RESOURCE);

  /** What has to be there so that one more setting makes a whole configuration. */
  private static final Map<String, String> GROUND =
      Map.of(
          "turnout.agents.NAME.chain[0].backend", "demo",
          // Another setting of the agent makes sense beside it alone.
          "turnout.agents.NAME.restart-after-output", "true",
          "turnout.auth-profiles.NAME.provider", "openai",
          "turnout.lanes.NAME.width", "1");

  @Test
  void schemaIsWhatTheSourceSays() throws IOException {
    var fresh = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(generated()) + "\n";
    if (Boolean.getBoolean("update-docs")) {
      Files.createDirectories(RESOURCE.getParent());
      Files.writeString(RESOURCE, fresh);
    }

    assertEquals(
        fresh,
        Files.readString(RESOURCE),
        "stale; mvn test -Dtest=SettingsSchemaTest -Dupdate-docs writes it anew");
  }

  @Test
  void schemaKnowsEverySettingThatChangesAndNoOther() throws IOException {
    var schema = generated();

    assertTrue(schema.at("/properties/queue/properties/session-cap").isObject());
    assertEquals(
        "string",
        schema
            .at(
                "/properties/agents/additionalProperties/properties/chain/items/properties/model/type")
            .asText());
    DocumentReader.STATIC
        .keySet()
        .forEach(name -> assertFalse(schema.path("properties").has(name), name));
  }

  /** Every key of the configuration can be set by a document, or is refused with a reason. */
  @TestFactory
  Stream<DynamicTest> everySettingCanBeSaid() throws IOException {
    return ConfigSource.read().groups().values().stream()
        .flatMap(java.util.Collection::stream)
        .map(setting -> DynamicTest.dynamicTest(setting.key(), () -> say(setting)));
  }

  private static void say(ConfigSource.Setting setting) {
    var path = SettingPath.ofProperty(setting.key().replace("[N]", "[0]"));
    var leaf = leafOf(path);
    var document = JSON.createObjectNode();
    put(document, path, value(setting, leaf));
    var files = new HashMap<>(GROUND);
    backend(setting, files);
    var result = SettingsCompiler.of(files).compile(2, document);
    if (DocumentReader.STATIC.containsKey(path.steps().getFirst())) {
      var refused = (Compilation.Refused) result;
      assertEquals("/" + path.steps().getFirst(), refused.flaws().getFirst().pointer());
      return;
    }
    // What is said arrives: either it is in force, or what is wrong is told at or above its place.
    switch (result) {
      case Compilation.Compiled compiled ->
          assertTrue(
              compiled.effective().get().stream()
                  .filter(found -> found.pointer().startsWith(path.pointer()))
                  .anyMatch(found -> found.source().equals("revision 2")),
              "said and not in force");
      case Compilation.Refused(var flaws) ->
          assertTrue(
              flaws.stream().noneMatch(f -> f.pointer().startsWith(path.pointer())),
              flaws::toString);
    }
  }

  private static void backend(ConfigSource.Setting setting, Map<String, String> files) {
    if (setting.meaning().startsWith("APIs:")) {
      files.put("turnout.backends.NAME.kind", "openai");
    } else if (setting.key().contains(".live.")) {
      files.put("turnout.backends.NAME.kind", "demo");
    } else {
      files.put("turnout.backends.NAME.kind", "command");
      files.put("turnout.backends.NAME.command", "tr");
      files.put("turnout.backends.NAME.args", "{prompt}");
    }
  }

  private static Shape leafOf(SettingPath path) {
    return Shape.at(path).orElseThrow(() -> new AssertionError("no place " + path));
  }

  private static JsonNode value(ConfigSource.Setting setting, Shape shape) {
    return switch (shape) {
      case Shape.Leaf(var kind, _) -> value(setting, kind);
      case Shape.Items(var of) -> JSON.createArrayNode().add(value(setting, of));
      case Shape.Entries(var of) ->
          JSON.createObjectNode().set(nameIn(setting, of), value(setting, of));
      case Shape.Group _ -> throw new AssertionError("a group is no setting");
    };
  }

  /** Names are the operator's choice, but for those of texts. */
  private static String nameIn(ConfigSource.Setting setting, Shape of) {
    if (!setting.key().equals("turnout.messages")) {
      return "NAME";
    }
    return of instanceof Shape.Leaf ? "again" : "en";
  }

  private static JsonNode value(ConfigSource.Setting setting, Shape.Kind kind) {
    var nodes = JSON.getNodeFactory();
    return switch (kind) {
      case NUMBER -> nodes.numberNode(7);
      case SWITCH -> nodes.booleanNode(true);
      // Long enough where there is a shortest.
      case TIME -> nodes.textNode("1000h");
      case TEXT -> nodes.textNode(text(setting));
    };
  }

  private static String text(ConfigSource.Setting setting) {
    var allowed = setting.allowed().orElse("");
    var first = Pattern.compile("`(\\w+)`(, `\\w+`)+").matcher(allowed);
    if (first.matches()) {
      return setting.key().endsWith(".kind") && setting.key().contains("backends")
          ? "command"
          : first.group(1);
    }
    if (allowed.contains("env:NAME")) {
      return "env:NAME";
    }
    if (allowed.contains("absolute path")) {
      return "/here";
    }
    if (allowed.contains("auth profile")) {
      return "NAME";
    }
    if (allowed.startsWith("networks")) {
      return "10.0.0.0/8";
    }
    return allowed.contains("URL") ? "https://example.org" : "demo";
  }

  private static void put(ObjectNode document, SettingPath path, JsonNode value) {
    var steps = path.steps();
    JsonNode at = document;
    for (int i = 0; i < steps.size(); i++) {
      var step = steps.get(i);
      boolean last = i == steps.size() - 1;
      boolean list = !last && SettingPath.isPlace(steps.get(i + 1));
      JsonNode next = last ? value : list ? JSON.createArrayNode() : JSON.createObjectNode();
      if (at instanceof ObjectNode object) {
        object.set(step, next);
      } else {
        ((com.fasterxml.jackson.databind.node.ArrayNode) at).add(next);
      }
      at = next;
    }
  }

  private static ObjectNode generated() throws IOException {
    var settings = new HashMap<String, ConfigSource.Setting>();
    ConfigSource.read()
        .groups()
        .values()
        .forEach(group -> group.forEach(setting -> settings.put(setting.key(), setting)));
    var root = JSON.createObjectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("$id", "urn:turnout:schema:runtime-document");
    root.put("title", "The runtime document of Turnout");
    root.setAll(schema(Shape.ROOT, "turnout", settings));
    ((ObjectNode) root.path("properties")).set("messages", messages(settings));
    return root;
  }

  /** Languages and texts have fixed names, which only the catalogue knows. */
  private static ObjectNode messages(Map<String, ConfigSource.Setting> settings) {
    var node = JSON.createObjectNode();
    node.put("type", "object");
    node.put("additionalProperties", false);
    var languages = node.putObject("properties");
    for (var language : Language.values()) {
      var texts = languages.putObject(language.tag());
      texts.put("type", "object");
      texts.put("additionalProperties", false);
      var names = texts.putObject("properties");
      for (var name : MessageTexts.names()) {
        names
            .putObject(name)
            .put("type", "string")
            .put("minLength", 1)
            .put("maxLength", MessageTexts.LONGEST);
      }
    }
    describe(node, Optional.ofNullable(settings.get("turnout.messages")));
    return node;
  }

  private static ObjectNode schema(
      Shape shape, String key, Map<String, ConfigSource.Setting> settings) {
    var node = JSON.createObjectNode();
    switch (shape) {
      case Shape.Group(var members) -> {
        node.put("type", "object");
        node.put("additionalProperties", false);
        var properties = node.putObject("properties");
        members.forEach(
            (name, member) -> {
              if (!key.equals("turnout") || !DocumentReader.STATIC.containsKey(name)) {
                properties.set(name, schema(member, key + "." + name, settings));
              }
            });
      }
      case Shape.Entries(var of) -> {
        node.put("type", "object");
        node.set("additionalProperties", schema(of, key + ".NAME", settings));
      }
      case Shape.Items(var of) -> {
        node.put("type", "array");
        node.set("items", schema(of, key + "[N]", settings));
      }
      case Shape.Leaf leaf -> leaf(node, leaf, Optional.ofNullable(settings.get(key)));
    }
    describe(node, Optional.ofNullable(settings.get(key)));
    return node;
  }

  private static void describe(ObjectNode node, Optional<ConfigSource.Setting> setting) {
    setting.ifPresent(
        found -> {
          var allowed = found.allowed().map(text -> " Allowed: " + text + ".").orElse("");
          node.put("description", found.meaning() + allowed);
        });
  }

  private static void leaf(
      ObjectNode node, Shape.Leaf leaf, Optional<ConfigSource.Setting> setting) {
    switch (leaf.kind()) {
      case TEXT -> {
        node.put("type", "string").put("minLength", 1);
        setting
            .flatMap(ConfigSource.Setting::allowed)
            .filter(allowed -> allowed.matches("`\\w+`(, `\\w+`)+"))
            .ifPresent(
                allowed -> {
                  var choice = node.putArray("enum");
                  Stream.of(allowed.replace("`", "").split(", ")).forEach(choice::add);
                });
      }
      case NUMBER -> {
        node.put("type", "integer");
        var least =
            Pattern.compile("(\\d+) or more")
                .matcher(setting.flatMap(ConfigSource.Setting::allowed).orElse(""));
        if (least.matches()) {
          node.put("minimum", Long.parseLong(least.group(1)));
        }
      }
      case SWITCH -> node.put("type", "boolean");
      case TIME -> node.put("type", "string").put("pattern", "^([0-9]+(ms|s|m|h|d)?|[+-]?[Pp].+)$");
    }
    leaf.byDefault().ifPresent(value -> node.put("default", value));
  }
}
