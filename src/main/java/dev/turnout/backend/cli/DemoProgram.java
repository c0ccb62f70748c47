package dev.turnout.backend.cli;

import dev.turnout.demo.DemoAgent;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.settings.BackendSettings.CliDialect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line of the demo agent: our own Java runs its classes. They are copied out of
 * whatever we were started from, so that they are found in every way of packaging.
 */
final class DemoProgram {
  private final Path classes;
  private @Nullable List<String> arguments;

  DemoProgram(Path dataDirectory) {
    this.classes = dataDirectory.resolve("demo");
  }

  /** Gives a demo backend its command; leaves every other as it is. */
  Cli complete(Cli cli) {
    return cli.dialect() == CliDialect.DEMO && cli.args().isEmpty() ? withCommand(cli) : cli;
  }

  private Cli withCommand(Cli cli) {
    return cli.running(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        arguments(),
        List.of("--session", "{session}"),
        List.of("--session", "{session}", "--resume"));
  }

  private synchronized List<String> arguments() {
    var known = arguments;
    if (known == null) {
      DemoAgent.PROGRAM.forEach(this::copyClass);
      // Small and quick to start.
      known =
          new ArrayList<>(
              List.of(
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Xshare:auto",
                  "-Xmx32m",
                  "-cp",
                  classes.toString(),
                  DemoAgent.class.getName()));
      arguments = known;
    }
    return known;
  }

  private void copyClass(Class<?> program) {
    var resource = "/" + program.getName().replace('.', '/') + ".class";
    var target = classes.resolve(resource.substring(1));
    try (var bytes = program.getResourceAsStream(resource)) {
      if (bytes == null) {
        throw new IllegalStateException("the demo agent's class is not on the class path");
      }
      Files.createDirectories(target.getParent());
      Files.copy(bytes, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("the demo agent cannot be unpacked to " + target, e);
    }
  }
}
