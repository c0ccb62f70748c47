package dev.turnout.settings;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@link TurnoutConfig} as it is written: names, types and defaults with their comments. */
final class ConfigSource {
  private static final Path ROOM = Path.of("src/main/java/dev/turnout/settings");

  private static final Pattern INTERFACE = Pattern.compile("\\binterface (\\w+) \\{");

  private static final Pattern METHOD =
      Pattern.compile(
          "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@WithDefault\\(\"([^\"]*)\"\\)\\s*)?"
              + "[\\w<>, .]+?\\s(\\w+)\\(\\);",
          Pattern.DOTALL);

  private final String source;

  private ConfigSource(String source) {
    this.source = source;
  }

  static ConfigSource read() throws IOException {
    return new ConfigSource(
        Files.readString(ROOM.resolve("TurnoutConfig.java"))
            + Files.readString(ROOM.resolve("LineConfig.java"))
            + Files.readString(ROOM.resolve("DoorConfig.java"))
            + Files.readString(ROOM.resolve("BackendConfig.java")));
  }

  /**
   * One setting.
   *
   * @param key from {@code turnout.} on, with {@code NAME} where the operator chooses one
   * @param meaning the comment without its last part
   * @param allowed that last part, behind "Allowed:"
   */
  record Setting(
      String key, Type type, Optional<String> byDefault, String meaning, Optional<String> allowed) {
    String kind() {
      if (type == Duration.class) {
        return "time";
      }
      if (type == int.class || type == long.class || type == Integer.class) {
        return "number";
      }
      if (type == boolean.class) {
        return "true or false";
      }
      return type.getTypeName().contains("java.util.List")
          ? "list of texts"
          : type.getTypeName().contains("java.util.Map") ? "texts by name" : "text";
    }
  }

  /** The settings by the group that they are in, in the order of the source. */
  Map<String, List<Setting>> groups() {
    var groups = new LinkedHashMap<String, List<Setting>>();
    walk(TurnoutConfig.class, "turnout", groups);
    return groups;
  }

  private void walk(Class<?> type, String prefix, Map<String, List<Setting>> groups) {
    var own = new ArrayList<Setting>();
    groups.put(prefix, own);
    methods(type.getSimpleName())
        .forEach(
            (name, method) -> {
              var key = prefix + "." + SettingNames.nameOf(name);
              var returned = returned(type, name);
              var group = group(returned);
              if (group.isPresent()) {
                walk(group.get(), key + suffix(returned), groups);
              } else {
                own.add(
                    new Setting(
                        key,
                        unwrapped(returned),
                        method.byDefault,
                        method.meaning,
                        method.allowed));
              }
            });
  }

  private static Type returned(Class<?> type, String method) {
    try {
      return type.getDeclaredMethod(method).getGenericReturnType();
    } catch (NoSuchMethodException e) {
      throw new AssertionError("the source has a method that the class has not", e);
    }
  }

  private static String suffix(Type type) {
    return type instanceof ParameterizedType generic
        ? generic.getRawType() == List.class ? "[N]" : ".NAME"
        : "";
  }

  /** The interface that this type leads to, if any. */
  private static Optional<Class<?>> group(Type type) {
    if (type instanceof ParameterizedType generic) {
      return group(generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1]);
    }
    return type instanceof Class<?> plain
            && plain.isInterface()
            && plain.getPackage().equals(TurnoutConfig.class.getPackage())
        ? Optional.of(plain)
        : Optional.empty();
  }

  private static Type unwrapped(Type type) {
    return type instanceof ParameterizedType generic && generic.getRawType() == Optional.class
        ? generic.getActualTypeArguments()[0]
        : type;
  }

  private record Method(Optional<String> byDefault, String meaning, Optional<String> allowed) {}

  private Map<String, Method> methods(String type) {
    var found = new LinkedHashMap<String, Method>();
    var method = METHOD.matcher(source);
    while (method.find()) {
      if (enclosing(method.end()).equals(type)) {
        var parts = markdown(method.group(1)).split("Allowed: ", 2);
        found.put(
            method.group(3),
            new Method(
                Optional.ofNullable(method.group(2)),
                parts[0].strip(),
                parts.length > 1
                    ? Optional.of(parts[1].strip().replaceFirst("\\.$", ""))
                    : Optional.empty()));
      }
    }
    return found;
  }

  private String enclosing(int position) {
    var name = "";
    var opened = INTERFACE.matcher(source);
    while (opened.find() && opened.start() < position) {
      name = opened.group(1);
    }
    return name;
  }

  private static String markdown(String javadoc) {
    return javadoc
        .replaceAll("\\s*\\n\\s*\\*?\\s*", " ")
        .replaceAll("\\{@code\\s+((?:[^{}]|\\{[^{}]*})*)}", "`$1`")
        .replace("|", "\\|")
        .strip();
  }
}
