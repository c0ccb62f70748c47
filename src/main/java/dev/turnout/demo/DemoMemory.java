package dev.turnout.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What the demo agent was asked in one conversation: in a file for the processes that come after,
 * and at hand, so that a long conversation makes no turn slower than a short one.
 */
final class DemoMemory {
  private final Path file;
  private final List<String> asked;

  /** Of the conversation with this file, which may not be there yet. */
  DemoMemory(Path file) throws IOException {
    this.file = file;
    this.asked = Files.exists(file) ? new ArrayList<>(Files.readAllLines(file)) : new ArrayList<>();
  }

  /** One line for each turn. */
  synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  synchronized int turns() {
    return asked.size();
  }

  synchronized void add(String prompt) throws IOException {
    var line = prompt.strip().replace("\n", " ").replace("\r", " ");
    // As bytes, because half of a surrogate pair would be refused as text.
    Files.write(
        file,
        (line + "\n").getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    asked.add(line);
  }
}
