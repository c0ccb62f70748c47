package dev.turnout.backend.cli;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.Backend;
import dev.turnout.backend.BackendProvider;
import dev.turnout.process.Subprocesses;
import dev.turnout.settings.BackendSettings;
import dev.turnout.turn.SessionId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Opens CLI backends. */
@ApplicationScoped
public class CliBackendProvider implements BackendProvider {
  private final AuthProfiles authProfiles;
  private final Path dataDirectory;
  private final SessionDirectories directories;
  private final DemoProgram demo;
  private final Subprocesses subprocesses = new Subprocesses();

  @Inject
  public CliBackendProvider(
      AuthProfiles authProfiles, @ConfigProperty(name = "turnout.data-dir") String dataDirectory) {
    this.authProfiles = authProfiles;
    this.dataDirectory = Path.of(dataDirectory).toAbsolutePath().normalize();
    this.directories = new SessionDirectories(this.dataDirectory);
    this.demo = new DemoProgram(this.dataDirectory);
  }

  @Override
  public Optional<Backend> open(BackendSettings settings) {
    return switch (settings) {
      case BackendSettings.Cli cli ->
          Optional.of(
              new OneShotCliBackend(
                  demo.complete(cli),
                  authProfiles,
                  directories,
                  subprocesses,
                  dataDirectory.toString()));
      case BackendSettings.Api _ -> Optional.empty();
    };
  }

  @Override
  public void forget(SessionId session) {
    directories.remove(session);
  }
}
