package dev.turnout.settings;

import io.smallrye.config.common.utils.StringUtil;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The names that {@link TurnoutConfig} gives to settings, read from the interface itself. */
final class SettingNames {
  private SettingNames() {}

  /** How the setting of this method is written in files. */
  static String nameOf(String method) {
    return StringUtil.skewer(method);
  }

  /**
   * Where a key leaves the known settings.
   *
   * @param key the part of the key that is known, with the first name that is not
   * @param siblings what could stand in its place, sorted
   */
  record Unknown(String key, List<String> siblings) {}

  /** Follows a key from {@code turnout.} on; empty when each of its parts is known. */
  static Optional<Unknown> firstUnknown(String key) {
    return switch (walk(key)) {
      case Walk.Lost(var unknown) -> Optional.of(unknown);
      case Walk.Arrived _ -> Optional.empty();
    };
  }

  /** What the value of a known key has to be, for a person. */
  static String kind(String key) {
    var arrived = walk(key) instanceof Walk.Arrived(var at) ? at : String.class;
    var type =
        arrived instanceof ParameterizedType generic && generic.getRawType() == Optional.class
            ? generic.getActualTypeArguments()[0]
            : arrived;
    if (type == Duration.class) {
      return "a time such as 500ms, 30s, 5m or 1h";
    }
    if (type == int.class || type == long.class || type == Integer.class) {
      return "a whole number";
    }
    return type == boolean.class ? "true or false" : "another value";
  }

  private sealed interface Walk {
    record Arrived(Type at) implements Walk {}

    record Lost(Unknown unknown) implements Walk {}
  }

  private static Walk walk(String key) {
    var parts = key.split("\\.", -1);
    Type at = TurnoutConfig.class;
    var known = new StringBuilder(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      known.append('.').append(parts[i]);
      if (at instanceof ParameterizedType map && map.getRawType() == Map.class) {
        at = map.getActualTypeArguments()[1]; // This part is a name that the operator chose.
        continue;
      }
      if (!(at instanceof Class<?> group) || !group.isInterface()) {
        return new Walk.Lost(new Unknown(known.toString(), List.of()));
      }
      var name = parts[i].replaceFirst("\\[\\d+]$", "");
      var method =
          Arrays.stream(group.getDeclaredMethods())
              .filter(m -> nameOf(m.getName()).equals(name))
              .findFirst();
      if (method.isEmpty()) {
        return new Walk.Lost(new Unknown(known.toString(), names(group)));
      }
      at = element(method.get().getGenericReturnType());
    }
    return new Walk.Arrived(at);
  }

  /** The type of the entries of a list; a map stays, because its keys are parts of the name. */
  private static Type element(Type type) {
    return type instanceof ParameterizedType generic && generic.getRawType() == List.class
        ? generic.getActualTypeArguments()[0]
        : type;
  }

  private static List<String> names(Class<?> group) {
    return Arrays.stream(group.getDeclaredMethods())
        .map(method -> nameOf(method.getName()))
        .sorted()
        .toList();
  }
}
