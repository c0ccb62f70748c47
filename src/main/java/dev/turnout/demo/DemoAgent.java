package dev.turnout.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An agent without a model: it streams, remembers its conversation, calls a pretended tool and
 * fails on request, so that everything around it can be seen at work. It prints one JSON object a
 * line, and runs for one turn or lives on for more.
 */
public final class DemoAgent {
  /** All classes of the program. */
  public static final List<Class<?>> PROGRAM =
      List.of(
          DemoAgent.class,
          DemoMemory.class,
          DemoTurn.class,
          DemoLive.class,
          DemoTalk.class,
          DemoMcp.class,
          FlatJson.class);

  private static final String HELP =
      """
      usage: demo-agent --session ID [--resume] < PROMPT
             demo-agent --session ID [--resume] --live
      The prompt is echoed, unless a line of it is one of these commands:
        sleep SECONDS   wait before answering
        words N         answer with N words, streamed
        stamp           say what time it is as the word is said
        tool NAME       pretend to call a tool
        ask NAME INPUT  ask whether it may use a tool, and call it if so
        mcp TOOL JSON   call a tool of Turnout's own, if the agent was given them
        recall          say what this session was asked before
        fail            exit with code 1
      With --live each line of stdin is {"type":"turn","id":ID,"prompt":TEXT},
      {"type":"interrupt","id":ID}, more for a turn that runs:
      {"type":"steer","id":ID,"steer":S,"prompt":TEXT}, or the answer to its question:
      {"type":"answer","id":ID,"question":Q,"decision":"allow" or "deny","why":TEXT}.
      """;

  private DemoAgent() {}

  /**
   * Runs one turn, or those that stdin brings.
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
    var file = Path.of(System.getenv().getOrDefault("HOME", "."), ".demo-agent", session);
    if (arguments.contains("--resume") && !Files.exists(file)) {
      System.err.println("no conversation with id " + session);
      System.exit(3);
    }
    Files.createDirectories(file.getParent());
    var memory = new DemoMemory(file);
    int exit;
    if (arguments.contains("--live")) {
      exit = new DemoLive(out, memory, session).serve();
    } else {
      var prompt = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
      var talk = new DemoTalk(out, "", false);
      exit = new DemoTurn(out, memory, session, "", talk).answer(prompt) ? 0 : 1;
    }
    out.flush();
    System.exit(exit);
  }
}
