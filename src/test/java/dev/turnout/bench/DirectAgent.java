package dev.turnout.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A living agent without Turnout between: the very program that Turnout runs, with the same
 * arguments and the same environment, in directories of its own.
 */
final class DirectAgent implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String UUID_FORM = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  private final Process process;
  private final Protocol protocol;
  private final OutputStream in;
  private final BufferedReader out;

  private DirectAgent(Process process, Protocol protocol) {
    this.process = process;
    this.protocol = protocol;
    this.in = process.getOutputStream();
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  /** How a turn is said; it ends with a line of type {@code result}. */
  enum Protocol {
    DEMO,
    CLAUDE;

    private String input(String text) throws JsonProcessingException {
      var said =
          switch (this) {
            case DEMO -> Map.of("type", "turn", "id", UUID.randomUUID().toString(), "prompt", text);
            case CLAUDE ->
                Map.of(
                    "type",
                    "user",
                    "uuid",
                    UUID.randomUUID().toString(),
                    "message",
                    Map.of(
                        "role", "user", "content", List.of(Map.of("type", "text", "text", text))));
          };
      return JSON.writeValueAsString(said) + "\n";
    }
  }

  /** Starts another one like this process of Turnout's. */
  static DirectAgent like(long pid, Protocol protocol, Path scratch) throws IOException {
    var proc = Path.of("/proc", Long.toString(pid));
    var conversation = UUID.randomUUID().toString();
    var argv =
        words(proc.resolve("cmdline"))
            .map(word -> word.matches(UUID_FORM) ? conversation : word)
            .toList();
    var environment = new TreeMap<String, String>();
    words(proc.resolve("environ"))
        .filter(word -> word.contains("="))
        .forEach(
            word ->
                environment.put(
                    word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1)));
    var home = Files.createDirectories(scratch.resolve("direct-" + conversation));
    environment.remove("TURNOUT_OWNER");
    environment.put("HOME", home.toString());
    environment.put("TMPDIR", Files.createDirectories(home.resolve("tmp")).toString());
    var builder =
        new ProcessBuilder(argv)
            .directory(home.toFile())
            .redirectError(home.resolve("stderr").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new DirectAgent(builder.start(), protocol);
  }

  /** As the kernel gives them, each with a NUL behind it; an argument may be empty. */
  private static Stream<String> words(Path file) throws IOException {
    var all = Files.readString(file);
    return all.isEmpty()
        ? Stream.of()
        : Stream.of(all.substring(0, all.length() - 1).split("\0", -1));
  }

  /** One turn, from its first byte to its result; in nanoseconds. */
  long turn(String text) throws IOException {
    var line = protocol.input(text).getBytes(StandardCharsets.UTF_8);
    long before = System.nanoTime();
    in.write(line);
    in.flush();
    for (var said = out.readLine(); said != null; said = out.readLine()) {
      // A model's text comes with its quotation marks escaped, so that this is no part of one.
      if (said.contains("\"type\":\"result\"")) {
        return System.nanoTime() - before;
      }
    }
    throw new EOFException("the agent ended in the middle of a turn");
  }

  @Override
  public void close() throws IOException {
    in.close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
