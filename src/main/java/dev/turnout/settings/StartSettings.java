package dev.turnout.settings;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Duration;

/** What files and environment say of this installation; all that they say is checked here once. */
@ApplicationScoped
@Startup
class StartSettings implements InstallationSettings {
  private final TurnoutConfig config;
  private final DoorSettings doors;

  StartSettings(TurnoutConfig config) {
    this.config = config;
    // Said at once, and not when the first turn needs it.
    SettingsReader.read(config);
    // What was just looked at: nothing in it is wrong.
    doors = DoorReader.read(config, new Violations());
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
  public DoorSettings doors() {
    return doors;
  }

  @Override
  public boolean worker() {
    return config.worker();
  }
}
