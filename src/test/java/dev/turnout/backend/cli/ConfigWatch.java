package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks, again and again and beside whatever else happens, whether the file that a running process
 * was told of in its arguments is there.
 */
final class ConfigWatch implements AutoCloseable {
  private static final Path PROC = Path.of("/proc");

  private final Path data;
  private final Set<String> seen = new HashSet<>();
  private final Set<String> missing = new HashSet<>();
  private final Thread thread;
  private volatile boolean over;

  /** Of processes whose files are somewhere under this directory. */
  ConfigWatch(Path data) {
    this.data = data;
    this.thread = Thread.ofPlatform().start(this::look);
  }

  private void look() {
    while (!over) {
      try (var processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
        for (var process : processes) {
          named(process).ifPresent(config -> check(process, config));
        }
      } catch (IOException e) {
        throw new AssertionError("/proc cannot be listed", e);
      }
    }
  }

  private void check(Path process, String config) {
    seen.add(config);
    // One that has just ended loses its arguments before its files.
    if (Files.notExists(Path.of(config)) && named(process).equals(Optional.of(config))) {
      missing.add(config);
    }
  }

  private Optional<String> named(Path process) {
    try {
      var argv = List.of(Files.readString(process.resolve("cmdline")).split("\0"));
      int at = argv.indexOf("--mcp-config");
      return at < 0 || at + 1 >= argv.size()
          ? Optional.empty()
          : Optional.of(argv.get(at + 1)).filter(file -> file.startsWith(data.toString()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Ends the watch; fails if a file was missing, or fewer processes than that were seen. */
  void checkedAtLeast(int processes) throws InterruptedException {
    over = true;
    thread.join();
    assertEquals(Set.of(), missing);
    assertTrue(seen.size() >= processes, () -> "seen were only " + seen);
  }

  @Override
  public void close() {
    over = true;
  }
}
