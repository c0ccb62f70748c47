package dev.turnout.settings;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a setting is: its names and places in lists, from below {@code turnout.} on.
 *
 * @param steps names as the operator wrote them, and places such as {@code [0]}
 */
record SettingPath(List<String> steps) {
  static final SettingPath ROOT = new SettingPath(List.of());

  SettingPath {
    steps = List.copyOf(steps);
  }

  SettingPath then(String name) {
    var more = new ArrayList<>(steps);
    more.add(name);
    return new SettingPath(more);
  }

  SettingPath then(int place) {
    return then("[" + place + "]");
  }

  static boolean isPlace(String step) {
    return step.matches("\\[\\d+]");
  }

  /** The path of a property, with names in quotes where they have dots. */
  static SettingPath ofProperty(String property) {
    var steps = new ArrayList<String>();
    var step = new StringBuilder();
    boolean quoted = false;
    for (char c : property.substring("turnout.".length()).toCharArray()) {
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == '.' || c == '[')) {
        add(steps, step);
        step.append(c == '[' ? "[" : "");
      } else {
        step.append(c);
      }
    }
    add(steps, step);
    return new SettingPath(steps);
  }

  private static void add(List<String> steps, StringBuilder step) {
    if (!step.isEmpty()) {
      steps.add(step.toString());
      step.setLength(0);
    }
  }

  /** As files name it, with quotes around names that need them. */
  String property() {
    return written(true);
  }

  /** As violations name it, without quotes. */
  String key() {
    return written(false);
  }

  private String written(boolean quotes) {
    var text = new StringBuilder("turnout");
    for (var step : steps) {
      if (isPlace(step)) {
        text.append(step);
      } else if (quotes && !step.matches("[\\w-]+")) {
        text.append(".\"").append(step).append('"');
      } else {
        text.append('.').append(step);
      }
    }
    return text.toString();
  }

  /** As RFC 6901 names it. */
  String pointer() {
    var text = new StringBuilder();
    for (var step : steps) {
      var plain = isPlace(step) ? step.substring(1, step.length() - 1) : step;
      text.append('/').append(plain.replace("~", "~0").replace("/", "~1"));
    }
    return text.toString();
  }
}
