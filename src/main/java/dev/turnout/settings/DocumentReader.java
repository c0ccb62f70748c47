package dev.turnout.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.failure.SecretPatterns;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a document of settings into properties, as they would stand in a file. Says of each place
 * that is no setting, cannot be changed or has the wrong type why it is not taken; what the values
 * mean is looked at where those of files are.
 */
final class DocumentReader {
  /** What belongs to a process, and why it cannot come from a document that all replicas share. */
  static final Map<String, String> STATIC =
      Map.of(
          "data-dir", "a process has one data directory from its start to its end",
          "bootstrap-key", "it opens the door to this document; make keys with POST /admin/v1/keys",
          "lease", "it is a promise that a replica gave the others when it joined",
          "worker", "each replica has its own answer, given when it is started",
          "oidc", "who may change this document must not be decided by it",
          "admin", "a listener is opened when a process starts",
          "tls", "a listener is opened when a process starts");

  /** What people look for here, and what it is called where it belongs. */
  private static final Map<String, String> OF_THE_PROCESS =
      Map.of(
          "port", "quarkus.http.port",
          "host", "quarkus.http.host",
          "database", "quarkus.datasource.jdbc.url",
          "datasource", "quarkus.datasource.jdbc.url",
          "log-level", "quarkus.log.level");

  private final Map<String, String> properties = new LinkedHashMap<>();
  private final Set<String> lists = new HashSet<>();
  private final List<SettingPath> paths = new ArrayList<>();
  private final List<SettingFlaw> flaws = new ArrayList<>();

  private DocumentReader() {}

  /**
   * What a document says.
   *
   * @param properties its values by the name of their property
   * @param lists properties that are lists, whose places below stand for the whole list
   * @param paths the places that it speaks of
   */
  record Reading(
      Map<String, String> properties,
      Set<String> lists,
      List<SettingPath> paths,
      List<SettingFlaw> flaws) {}

  static Reading read(JsonNode document) {
    var reader = new DocumentReader();
    reader.read(SettingPath.ROOT, Shape.ROOT, document);
    return new Reading(reader.properties, reader.lists, reader.paths, reader.flaws);
  }

  private void read(SettingPath path, Shape shape, JsonNode value) {
    paths.add(path);
    if (value.isNull()) {
      flaw(path, "must not be null: leave it out, or delete it with a merge patch");
      return;
    }
    switch (shape) {
      case Shape.Group(var members) -> group(path, members, value);
      case Shape.Entries(var each) -> entries(path, each, value);
      case Shape.Items(var each) -> items(path, each, value);
      case Shape.Leaf leaf -> leaf(path, leaf.kind(), value);
    }
  }

  private void group(SettingPath path, Map<String, Shape> members, JsonNode value) {
    if (!isObject(path, value)) {
      return;
    }
    for (var field : value.properties()) {
      var at = path.then(field.getKey());
      var shape = members.get(field.getKey());
      if (path.steps().isEmpty() && STATIC.containsKey(field.getKey())) {
        flaw(at, "cannot change while Turnout runs: " + STATIC.get(field.getKey()));
      } else if (shape == null) {
        flaw(at, unknown(path, field.getKey(), members));
      } else {
        read(at, shape, field.getValue());
      }
    }
  }

  private static String unknown(SettingPath path, String name, Map<String, Shape> members) {
    if (path.steps().isEmpty() && name.equals("turnout")) {
      return "is left out here: the document begins below it";
    }
    if (path.steps().isEmpty() && name.startsWith("quarkus")) {
      return "belongs to the process: it stands in files and in the environment, and needs a restart";
    }
    if (path.steps().isEmpty() && OF_THE_PROCESS.containsKey(name)) {
      return "belongs to the process: it is "
          + OF_THE_PROCESS.get(name)
          + " in files and in the environment, and needs a restart";
    }
    var names =
        members.keySet().stream()
            .filter(known -> !path.steps().isEmpty() || !STATIC.containsKey(known))
            .toList();
    return "is not a setting; expected one of " + names;
  }

  private void entries(SettingPath path, Shape each, JsonNode value) {
    if (!isObject(path, value)) {
      return;
    }
    for (var field : value.properties()) {
      var name = field.getKey();
      var at = path.then(name);
      if (name.isEmpty()
          || name.indexOf('"') >= 0
          || name.chars().anyMatch(Character::isISOControl)) {
        flaw(at, "has a name that is empty or holds quotes or control characters");
      } else if (field.getValue().isObject() && field.getValue().isEmpty()) {
        // Without a property it would vanish without a word.
        flaw(at, "must say at least one thing; a merge patch deletes it with null");
      } else {
        read(at, each, field.getValue());
      }
    }
  }

  private void items(SettingPath path, Shape each, JsonNode value) {
    if (!value.isArray()) {
      flaw(path, "must be an array");
      return;
    }
    lists.add(path.property());
    if (value.isEmpty()) {
      properties.put(path.property(), "");
    }
    for (int i = 0; i < value.size(); i++) {
      read(path.then(i), each, value.get(i));
    }
  }

  private void leaf(SettingPath path, Shape.Kind kind, JsonNode value) {
    boolean fits =
        switch (kind) {
          case TEXT, TIME -> value.isTextual();
          case NUMBER -> value.isIntegralNumber();
          case SWITCH -> value.isBoolean();
        };
    if (!fits) {
      flaw(path, "must be " + kind.words);
      return;
    }
    var text = value.asText();
    var name = path.steps().getLast();
    if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      flaw(path, "must not contain NUL or half of a surrogate pair");
    } else if (text.isEmpty()) {
      // Files cannot tell it from an absent value either.
      flaw(path, "must not be empty: leave it out");
    } else if (!name.equals("when") && looksSecret(path, text)) {
      flaw(path, "looks like a secret; say where it is with env:NAME or file:/absolute/path");
    } else {
      properties.put(path.property(), text);
    }
  }

  /** By its shape, or by the name under which it stands. */
  static boolean looksSecret(SettingPath path, String text) {
    if (path.steps().getFirst().equals("messages")) {
      // What is told of a key is named after it, and is no key.
      return !SecretPatterns.redact(text).equals(text);
    }
    var name = path.steps().getLast();
    // What only says where a secret is may be shown.
    var named = name + "=" + SecretText.REFERENCE.matcher(text).replaceAll("");
    return !SecretPatterns.redact(named).equals(named);
  }

  private boolean isObject(SettingPath path, JsonNode value) {
    if (!value.isObject()) {
      flaw(path, "must be an object");
    }
    return value.isObject();
  }

  private void flaw(SettingPath path, String why) {
    paths.add(path);
    flaws.add(new SettingFlaw(path.pointer(), why));
  }
}
