package dev.turnout.settings;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Duration;

/** The settings of files and environment, read and checked once at the start. */
@ApplicationScoped
@Startup
class StartSettings implements CurrentSettings, InstallationSettings {
  private final Settings settings;
  private final TurnoutConfig config;

  StartSettings(TurnoutConfig config) {
    this.config = config;
    this.settings = SettingsReader.read(config);
  }

  @Override
  public Settings snapshot() {
    return settings;
  }

  @Override
  public Path dataDirectory() {
    return Path.of(config.dataDir()).toAbsolutePath().normalize();
  }

  @Override
  public Duration lease() {
    return config.lease();
  }

  @Override
  public boolean worker() {
    return config.worker();
  }
}
