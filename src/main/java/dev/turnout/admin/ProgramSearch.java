package dev.turnout.admin;

import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.settings.BackendSettings.CliDialect;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Looks for a CLI as the process would that starts it. */
final class ProgramSearch {
  private ProgramSearch() {}

  static BackendBody.Program of(Cli cli) {
    if (cli.dialect() == CliDialect.DEMO) {
      // Part of Turnout itself.
      return new BackendBody.Program(cli.command(), true, null);
    }
    var path = find(cli);
    return new BackendBody.Program(
        cli.command(), path.isPresent(), path.map(Path::toString).orElse(null));
  }

  private static Optional<Path> find(Cli cli) {
    try {
      if (cli.command().contains("/")) {
        return Optional.of(Path.of(cli.command())).filter(ProgramSearch::isProgram);
      }
      var search =
          Optional.ofNullable(cli.environment().get("PATH"))
              .or(() -> Optional.ofNullable(System.getenv("PATH")))
              .orElse("");
      return Arrays.stream(search.split(File.pathSeparator))
          .filter(directory -> !directory.isEmpty())
          .map(directory -> Path.of(directory).resolve(cli.command()))
          .filter(ProgramSearch::isProgram)
          .findFirst();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static boolean isProgram(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }
}
