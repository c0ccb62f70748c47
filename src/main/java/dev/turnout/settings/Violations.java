package dev.turnout.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is wrong with a configuration: key, value, and what is allowed. */
final class Violations {
  static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_]*";

  private final List<String> found = new ArrayList<>();

  void add(String key, String value, String allowed) {
    found.add("turnout." + key + ": " + value + " is not allowed; expected " + allowed);
  }

  /** In words of their own, which end a sentence that begins with the key. */
  void say(String key, String what) {
    found.add("turnout." + key + ": " + what);
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidSettings(found.stream().sorted().toList());
    }
  }

  void atLeast(String key, long value, long least) {
    if (value < least) {
      add(key, Long.toString(value), "a number from " + least);
    }
  }

  void atLeast(String key, Duration value, Duration least) {
    if (value.compareTo(least) < 0) {
      add(key, value.toString(), "a time of " + least.toSeconds() + "s or longer");
    }
  }

  void variable(String key, String name) {
    if (!name.matches(VARIABLE)) {
      add(key, name, "the name of an environment variable");
    }
  }

  /** A setting that this kind of backend would ignore: whoever wrote it expects something of it. */
  void mustBeAbsent(String key, boolean present, String why) {
    if (present) {
      found.add("turnout." + key + ": has no effect here; " + why);
    }
  }

  void positive(String key, Duration value) {
    if (value.isZero() || value.isNegative()) {
      add(key, value.toString(), "a time longer than 0");
    }
  }

  void notNegative(String key, Duration value) {
    if (value.isNegative()) {
      add(key, value.toString(), "a time of 0 or longer");
    }
  }

  Optional<Path> path(String key, String value) {
    try {
      var path = Path.of(value);
      if (path.isAbsolute()) {
        return Optional.of(path.normalize());
      }
    } catch (InvalidPathException e) {
      // Said below.
    }
    add(key, value, "an absolute path");
    return Optional.empty();
  }

  /** The constant whose name this is, in lower case with {@code _}. */
  <E extends Enum<E>> Optional<E> oneOf(String key, String value, Class<E> type) {
    var constants = Arrays.asList(type.getEnumConstants());
    var match =
        constants.stream()
            .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(value))
            .findFirst();
    if (match.isEmpty()) {
      add(
          key,
          value,
          "one of " + constants.stream().map(c -> c.name().toLowerCase(Locale.ROOT)).toList());
    }
    return match;
  }
}
