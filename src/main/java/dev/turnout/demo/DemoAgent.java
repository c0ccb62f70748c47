package dev.turnout.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * An agent without a model: it streams, remembers its conversation, calls a pretended tool and
 * fails on request, so that everything around it can be seen at work. It prints one JSON object a
 * line.
 */
public final class DemoAgent {
  private static final String HELP =
      """
      usage: demo-agent --session ID [--resume] < PROMPT
      The prompt is echoed, unless a line of it is one of these commands:
        sleep SECONDS   wait before answering
        words N         answer with N words, streamed
        tool NAME       pretend to call a tool
        recall          say what this session was asked before
        fail            exit with code 1
      """;

  private final PrintStream out;
  private final Path memory;

  private DemoAgent(PrintStream out, Path memory) {
    this.out = out;
    this.memory = memory;
  }

  /**
   * Runs one turn.
   *
   * @throws IOException when stdin or the memory cannot be read
   */
  public static void main(String... args) throws IOException, InterruptedException {
    var arguments = List.of(args);
    int at = arguments.indexOf("--session");
    if (arguments.contains("--help") || at < 0 || at + 1 >= args.length) {
      System.out.print(HELP);
      System.exit(arguments.contains("--help") ? 0 : 2);
    }
    var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    var session = args[at + 1].replaceAll("[^A-Za-z0-9-]", "_");
    var memory = Path.of(System.getenv().getOrDefault("HOME", "."), ".demo-agent", session);
    if (arguments.contains("--resume") && !Files.exists(memory)) {
      System.err.println("no conversation with id " + session);
      System.exit(3);
    }
    Files.createDirectories(memory.getParent());
    var prompt = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
    int exit = new DemoAgent(out, memory).answer(session, prompt);
    out.flush();
    System.exit(exit);
  }

  private int answer(String session, String prompt) throws IOException, InterruptedException {
    print("{\"type\":\"session\",\"session\":\"" + session + "\"}");
    var before = Files.exists(memory) ? Files.readAllLines(memory) : List.<String>of();
    var text = new StringBuilder();
    for (var line : prompt.lines().toList()) {
      var words = line.strip().split("\\s+", 2);
      var argument = words.length > 1 ? words[1] : "";
      switch (words[0]) {
        case "fail" -> {
          System.err.println("the demo agent was asked to fail");
          return 1;
        }
        case "sleep" -> Thread.sleep((long) (number(argument, 1) * 1000));
        case "words" -> say(text, words((int) number(argument, 10)));
        case "tool" -> tool(argument.isEmpty() ? "look_around" : argument);
        case "recall" -> say(text, List.of(String.join(" | ", before)));
        default -> say(text, List.of("You said: ", line.strip(), "\n"));
      }
    }
    say(text, List.of("(turn " + (before.size() + 1) + " of this conversation)"));
    // Written before the result: who has read the result may resume at once.
    Files.writeString(
        memory,
        prompt.replace("\n", " ").replace("\r", " ") + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    print("{\"type\":\"result\",\"text\":" + quote(text.toString()) + "}");
    return 0;
  }

  private void say(StringBuilder text, List<String> pieces) {
    for (var piece : pieces) {
      text.append(piece);
      print("{\"type\":\"delta\",\"text\":" + quote(piece) + "}");
    }
  }

  private void tool(String name) {
    print("{\"type\":\"tool_started\",\"name\":" + quote(name) + ",\"input\":\"{}\"}");
    print("{\"type\":\"tool_ended\",\"output\":\"nothing to see here\"}");
  }

  private static List<String> words(int count) {
    return java.util.stream.IntStream.rangeClosed(1, Math.clamp(count, 0, 1_000_000))
        .mapToObj(n -> "word" + n + " ")
        .toList();
  }

  private static double number(String text, double otherwise) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /** Flushed line by line: that is what streaming means. */
  private void print(String json) {
    out.print(json + "\n");
    out.flush();
  }

  private static String quote(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        default -> {
          if (c < 0x20) {
            quoted.append(String.format("\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
