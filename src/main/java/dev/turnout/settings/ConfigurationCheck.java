package dev.turnout.settings;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Reads the whole configuration before anything is started, so that a mistake is told at once and
 * without the noise of a start that fails. The start itself reads it again: this is no licence.
 */
public final class ConfigurationCheck {
  /** The roots that a configuration file may have: ours, the framework's, and profiles of both. */
  private static final Pattern KNOWN_ROOT = Pattern.compile("(%[^.]+\\.)?(turnout|quarkus)\\..*");

  private static final Pattern UNKNOWN =
      Pattern.compile("SRCFG00050: (\\S+) in .* does not map to any root.*");
  private static final Pattern ABSENT =
      Pattern.compile("SRCFG00014: The config property (\\S+) is required .*", Pattern.DOTALL);
  private static final Pattern EMPTY =
      Pattern.compile("SRCFG00040: The config property (\\S+) is defined as the empty .*");
  private static final Pattern UNREADABLE =
      Pattern.compile(
          "SRCFG00039: The config property (\\S+) with the config value \"(.*)\" threw an Exception"
              + " whilst being converted (.*)",
          Pattern.DOTALL);

  private ConfigurationCheck() {}

  /**
   * What is wrong with the configuration, a line each; empty when all holds. It is read from {@code
   * smallrye.config.locations}, the environment and the system properties, as the start will.
   */
  public static List<String> violations() {
    return violations(() -> ConfigUtils.emptyConfigBuilder().addDiscoveredSources());
  }

  /**
   * What is wrong with a YAML file by itself: its syntax, and settings outside of all roots, which
   * would be ignored.
   *
   * @throws IOException when it cannot be read
   */
  public static List<String> fileViolations(Path file) throws IOException {
    try {
      return new YamlConfigSource(file.toUri().toURL())
          .getPropertyNames().stream()
              .filter(name -> !KNOWN_ROOT.matcher(name).matches())
              .map(name -> name + ": is not a setting; those of Turnout begin with turnout.")
              .sorted()
              .toList();
    } catch (IOException e) {
      throw e;
    } catch (RuntimeException e) {
      return List.of(file + ": is not YAML: " + String.valueOf(e.getMessage()).strip());
    }
  }

  /**
   * Of these sources.
   *
   * @param sources a fresh builder each time: it is asked twice
   */
  static List<String> violations(Supplier<SmallRyeConfigBuilder> sources) {
    var found = new TreeSet<String>();
    try {
      sources.get().withMapping(TurnoutConfig.class).build();
    } catch (ConfigValidationException e) {
      found.addAll(violations(e));
    }
    try {
      // Beside an unknown setting there may be others that are known and do not hold.
      var config =
          sources
              .get()
              .withMapping(TurnoutConfig.class)
              .withDefaultValue(SmallRyeConfig.SMALLRYE_CONFIG_MAPPING_VALIDATE_UNKNOWN, "false")
              .build();
      SettingsReader.read(config.getConfigMapping(TurnoutConfig.class));
    } catch (InvalidSettings e) {
      found.addAll(e.violations());
    } catch (ConfigValidationException e) {
      found.addAll(violations(e));
    }
    return List.copyOf(found);
  }

  /** What the framework found, in our words. */
  public static List<String> violations(ConfigValidationException problems) {
    var found = new ArrayList<String>();
    IntStream.range(0, problems.getProblemCount())
        .mapToObj(i -> problems.getProblem(i).getMessage())
        .map(ConfigurationCheck::inOurWords)
        .forEach(found::add);
    return found.stream().distinct().sorted().toList();
  }

  private static String inOurWords(String problem) {
    var text = problem.replaceFirst("^[\\w.]+Exception: ", "");
    var unknown = UNKNOWN.matcher(text);
    if (unknown.matches()) {
      return SettingNames.firstUnknown(unknown.group(1))
          .map(u -> u.key() + ": is not a setting" + expected(u))
          .orElse(unknown.group(1) + ": is not a setting");
    }
    var absent = ABSENT.matcher(text);
    if (absent.matches()) {
      return absent.group(1) + ": (absent) is not allowed; expected a value";
    }
    var empty = EMPTY.matcher(text);
    if (empty.matches()) {
      return empty.group(1) + ": (empty) is not allowed; expected a value";
    }
    var unreadable = UNREADABLE.matcher(text);
    if (unreadable.matches()) {
      var key = unreadable.group(1);
      return key
          + ": "
          + unreadable.group(2)
          + " is not allowed; expected "
          + SettingNames.kind(key);
    }
    return text;
  }

  private static String expected(SettingNames.Unknown unknown) {
    return unknown.siblings().isEmpty() ? "" : "; expected one of " + unknown.siblings();
  }
}
