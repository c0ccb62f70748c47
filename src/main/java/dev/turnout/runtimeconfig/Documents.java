package dev.turnout.runtimeconfig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is done with documents: values in, values out. */
final class Documents {
  private Documents() {}

  static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** This document with a merge patch of RFC 7396. */
  static JsonNode patched(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    var result = target.isObject() ? ((ObjectNode) target).deepCopy() : empty();
    for (var field : patch.properties()) {
      if (field.getValue().isNull()) {
        result.remove(field.getKey());
      } else {
        var before = result.get(field.getKey());
        result.set(field.getKey(), patched(before == null ? empty() : before, field.getValue()));
      }
    }
    return result;
  }

  /** What leads from one to the other, by pointer; lists change as a whole. */
  static List<Change> changes(JsonNode before, JsonNode after) {
    var changes = new ArrayList<Change>();
    compare("", before, after, changes);
    return changes;
  }

  private static void compare(
      String pointer, @Nullable JsonNode before, @Nullable JsonNode after, List<Change> changes) {
    if (before != null && before.equals(after)) {
      return;
    }
    boolean deeper = isObject(before) && isObject(after);
    // What appears or vanishes is told setting by setting, too.
    if (deeper || (before == null && isObject(after)) || (after == null && isObject(before))) {
      var names = new TreeSet<String>();
      addNames(before, names);
      addNames(after, names);
      for (var name : names) {
        compare(
            pointer + "/" + name.replace("~", "~0").replace("/", "~1"),
            before == null ? null : before.get(name),
            after == null ? null : after.get(name),
            changes);
      }
      return;
    }
    changes.add(new Change(pointer, Optional.ofNullable(before), Optional.ofNullable(after)));
  }

  private static boolean isObject(@Nullable JsonNode node) {
    return node != null && node.isObject();
  }

  private static void addNames(@Nullable JsonNode node, Set<String> names) {
    if (node != null) {
      node.fieldNames().forEachRemaining(names::add);
    }
  }
}
