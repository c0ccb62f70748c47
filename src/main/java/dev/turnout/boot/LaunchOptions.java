package dev.turnout.boot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The command line. */
final class LaunchOptions {
  private static final int DEFAULT_PORT = 8080;

  private LaunchOptions() {}

  /** What was read. */
  sealed interface Reading {
    record Options(Path data, int port, Optional<Path> config) implements Reading {}

    record Wrong(String why) implements Reading {}
  }

  static Reading read(String... args) {
    var data = Optional.ofNullable(System.getenv("TURNOUT_DATA_DIR")).orElse(".turnout");
    var port = Optional.ofNullable(System.getenv("QUARKUS_HTTP_PORT")).orElse("" + DEFAULT_PORT);
    Optional<String> config = Optional.ofNullable(System.getenv("TURNOUT_CONFIG"));
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        return new Reading.Wrong(args[i] + " needs a value");
      }
      switch (args[i]) {
        case "--data" -> data = args[i + 1];
        case "--port" -> port = args[i + 1];
        case "--config" -> config = Optional.of(args[i + 1]);
        default -> {
          return new Reading.Wrong(
              "unknown option " + args[i] + "; there are --data DIR, --port N, --config FILE");
        }
      }
    }
    if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
      return new Reading.Wrong("--port " + port + " is not a port: 0 to 65535");
    }
    var file = config.map(text -> Path.of(text).toAbsolutePath().normalize());
    if (file.isPresent() && !Files.isReadable(file.get())) {
      return new Reading.Wrong("the configuration file " + file.get() + " cannot be read");
    }
    if (file.isPresent() && !file.get().toString().matches("(?s).*\\.ya?ml")) {
      // By another name the framework would pass it over without a word.
      return new Reading.Wrong("the configuration file " + file.get() + " is not named .yaml");
    }
    return new Reading.Options(
        Path.of(data).toAbsolutePath().normalize(), Integer.parseInt(port), file);
  }
}
