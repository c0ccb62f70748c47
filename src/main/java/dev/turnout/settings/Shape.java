package dev.turnout.settings;

import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a place in the configuration may hold, read from {@link TurnoutConfig} itself. */
sealed interface Shape {
  /** The whole configuration. */
  Group ROOT = group(TurnoutConfig.class);

  /** A single value. */
  record Leaf(Kind kind, Optional<String> byDefault) implements Shape {}

  /** Settings with fixed names, sorted. */
  record Group(Map<String, Shape> members) implements Shape {}

  /** The same for each name that an operator chooses. */
  record Entries(Shape of) implements Shape {}

  /** A list. */
  record Items(Shape of) implements Shape {}

  /** How a single value is written in JSON. */
  enum Kind {
    TEXT("a string"),
    NUMBER("a whole number"),
    SWITCH("true or false"),
    TIME("a time such as \"500ms\", \"30s\", \"5m\" or \"1h\"");

    /** What a person is told to write. */
    final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /** What this place holds; empty where there is no such place. */
  static Optional<Shape> at(SettingPath path) {
    Shape at = ROOT;
    for (var step : path.steps()) {
      var next =
          switch (at) {
            case Group(var members) -> members.get(step);
            case Entries(var of) -> of;
            case Items(var of) -> SettingPath.isPlace(step) ? of : null;
            case Leaf _ -> null;
          };
      if (next == null) {
        return Optional.empty();
      }
      at = next;
    }
    return Optional.of(at);
  }

  private static Group group(Class<?> type) {
    var members = new TreeMap<String, Shape>();
    for (var method : type.getDeclaredMethods()) {
      if (!method.isSynthetic()) {
        members.put(
            SettingNames.nameOf(method.getName()),
            of(method.getGenericReturnType(), byDefault(method)));
      }
    }
    return new Group(members);
  }

  private static Optional<String> byDefault(Method method) {
    return Optional.ofNullable(method.getAnnotation(WithDefault.class)).map(WithDefault::value);
  }

  private static Shape of(Type type, Optional<String> byDefault) {
    if (type instanceof ParameterizedType generic) {
      var arguments = generic.getActualTypeArguments();
      var last = of(arguments[arguments.length - 1], byDefault);
      if (generic.getRawType() == Optional.class) {
        return last;
      }
      return generic.getRawType() == List.class ? new Items(last) : new Entries(last);
    }
    if (type instanceof Class<?> plain && plain.isInterface()) {
      return group(plain);
    }
    return new Leaf(kind(type), byDefault);
  }

  private static Kind kind(Type type) {
    if (Arrays.asList(int.class, long.class, Integer.class, Long.class).contains(type)) {
      return Kind.NUMBER;
    }
    if (type == boolean.class || type == Boolean.class) {
      return Kind.SWITCH;
    }
    return type == Duration.class ? Kind.TIME : Kind.TEXT;
  }
}
