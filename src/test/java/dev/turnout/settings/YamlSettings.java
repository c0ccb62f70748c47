package dev.turnout.settings;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.util.List;

/** Reads YAML as a start would, with nothing else around it. */
final class YamlSettings {
  private YamlSettings() {}

  /** What is wrong with it. */
  static List<String> violations(String yaml) {
    return ConfigurationCheck.violations(() -> builder(yaml));
  }

  /** The settings in it. */
  static Settings read(String yaml) {
    var config = builder(yaml).withMapping(TurnoutConfig.class).build();
    return SettingsReader.read(config.getConfigMapping(TurnoutConfig.class));
  }

  private static SmallRyeConfigBuilder builder(String yaml) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withSources(new YamlConfigSource("test.yaml", yaml, 100));
  }
}
