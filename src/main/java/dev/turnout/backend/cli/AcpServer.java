package dev.turnout.backend.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An MCP server in the words of the Agent Client Protocol, in which a client names the servers when
 * it opens a session. The entry holds secrets: it is said on stdin, and kept nowhere.
 *
 * @param remote whether the agent has to speak HTTP, which not every agent does
 * @param entry as it stands in the protocol
 */
record AcpServer(String name, boolean remote, Map<String, Object> entry) {
  static AcpServer remote(String name, String url, Map<String, String> headers) {
    return new AcpServer(
        name, true, Map.of("type", "http", "name", name, "url", url, "headers", pairs(headers)));
  }

  /**
   * A program that the agent starts.
   *
   * @param search directories in which a command without a slash is looked for, as in PATH
   */
  static AcpServer program(
      String name,
      String command,
      List<String> args,
      Map<String, String> environment,
      String search) {
    // Programs are what a server without a type is.
    return new AcpServer(
        name,
        false,
        Map.of(
            "name",
            name,
            "command",
            found(command, search).orElse(command),
            "args",
            args,
            "env",
            pairs(environment)));
  }

  private static List<Map<String, String>> pairs(Map<String, String> values) {
    var pairs = new ArrayList<Map<String, String>>();
    values.forEach((name, value) -> pairs.add(Map.of("name", name, "value", value)));
    return pairs;
  }

  /** The protocol wants a whole path; of a program that is not there the agent will tell. */
  private static Optional<String> found(String command, String search) {
    if (command.contains("/")) {
      return Optional.empty();
    }
    try {
      return Arrays.stream(search.split(File.pathSeparator))
          .filter(directory -> !directory.isEmpty())
          .map(directory -> Path.of(directory).resolve(command).toAbsolutePath())
          .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
          .map(Path::toString)
          .findFirst();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Without what it holds. */
  @Override
  public String toString() {
    return "AcpServer[" + name + "]";
  }
}
