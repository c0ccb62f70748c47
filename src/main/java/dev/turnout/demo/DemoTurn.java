package dev.turnout.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** One turn of the demo agent: does what the lines of the prompt say, and says so as JSON. */
final class DemoTurn {
  private final PrintStream out;
  private final DemoMemory memory;
  private final String session;
  private final String tag;
  private final DemoTalk talk;

  /**
   * A turn of this conversation.
   *
   * @param tag put into every line, as JSON with a comma before it; empty when there is one turn
   */
  DemoTurn(PrintStream out, DemoMemory memory, String session, String tag, DemoTalk talk) {
    this.out = out;
    this.memory = memory;
    this.session = session;
    this.tag = tag;
    this.talk = talk;
  }

  /** Answers; false when the prompt asks the agent to fail. */
  boolean answer(String prompt) throws IOException, InterruptedException {
    print("{\"type\":\"session\",\"session\":\"" + session + "\"");
    var text = new StringBuilder();
    var asked = new StringBuilder();
    var todo = prompt;
    do {
      asked.append(todo).append('\n');
      if (!obey(todo, text)) {
        return false;
      }
      todo = talk.next();
    } while (!todo.isEmpty());
    say(text, List.of("(turn " + (memory.turns() + 1) + " of this conversation)"));
    // Written before the result: who has read the result may resume at once.
    memory.add(asked.toString());
    print("{\"type\":\"result\",\"text\":" + FlatJson.quote(text.toString()));
    return true;
  }

  private boolean obey(String prompt, StringBuilder text) throws IOException, InterruptedException {
    for (var line : prompt.lines().toList()) {
      var words = line.strip().split("\\s+", 2);
      var argument = words.length > 1 ? words[1] : "";
      switch (words[0]) {
        case "fail" -> {
          System.err.println("the demo agent was asked to fail");
          return false;
        }
        case "sleep" -> Thread.sleep((long) (number(argument, 1) * 1000));
        case "words" -> say(text, words((int) number(argument, 10)));
        case "stamp" -> say(text, List.of(Instant.now().toString(), "\n"));
        case "tool" -> tool(argument.isEmpty() ? "look_around" : argument);
        case "ask" -> ask(text, argument);
        case "mcp" -> mcp(text, argument);
        case "recall" -> say(text, List.of(String.join(" | ", memory.asked())));
        default -> say(text, List.of("You said: ", line.strip(), "\n"));
      }
    }
    return true;
  }

  private void say(StringBuilder text, List<String> pieces) throws InterruptedException {
    for (var piece : pieces) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      text.append(piece);
      print("{\"type\":\"delta\",\"text\":" + FlatJson.quote(piece));
    }
  }

  private void tool(String name) {
    print("{\"type\":\"tool_started\",\"name\":" + FlatJson.quote(name) + ",\"input\":\"{}\"");
    print("{\"type\":\"tool_ended\",\"output\":\"nothing to see here\"");
  }

  private void ask(StringBuilder text, String call) throws InterruptedException {
    var words = (call.isEmpty() ? "look_around" : call).split("\\s+", 2);
    var refusal = talk.refusal(words[0], words.length > 1 ? words[1] : "{}");
    if (refusal.isEmpty()) {
      tool(words[0]);
      say(text, List.of("used " + words[0] + "\n"));
    } else {
      say(text, List.of("did not use " + words[0] + ": " + refusal + "\n"));
    }
  }

  private void mcp(StringBuilder text, String call) throws IOException, InterruptedException {
    var words = call.split("\\s+", 2);
    var input = words.length > 1 ? words[1] : "{}";
    print(
        "{\"type\":\"tool_started\",\"name\":"
            + FlatJson.quote(words[0])
            + ",\"input\":"
            + FlatJson.quote(input));
    var output = DemoMcp.call(words[0], input);
    print("{\"type\":\"tool_ended\",\"output\":" + FlatJson.quote(output));
    say(text, List.of(output, "\n"));
  }

  private static List<String> words(int count) {
    return IntStream.rangeClosed(1, Math.clamp(count, 0, 1_000_000))
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
  private void print(String open) {
    out.print(open + tag + "}\n");
    out.flush();
  }
}
