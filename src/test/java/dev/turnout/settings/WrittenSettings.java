package dev.turnout.settings;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** Settings from configuration as an operator writes it: read, checked, on top of the presets. */
public final class WrittenSettings {
  private static final int ORDINAL = 100;

  private WrittenSettings() {}

  /** The settings that these properties make, and nothing of this process's environment. */
  public static Settings of(Map<String, String> properties) {
    var config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withMapping(TurnoutConfig.class)
            .withSources(new PropertiesConfigSource(properties, "written", ORDINAL))
            .build();
    return SettingsReader.read(config.getConfigMapping(TurnoutConfig.class));
  }
}
