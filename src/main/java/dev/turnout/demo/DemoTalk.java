package dev.turnout.demo;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What is said to a turn while it runs: answers to what it asks, and more to do. */
final class DemoTalk {
  private final PrintStream out;
  private final String tag;
  private final boolean somebodyListens;
  private final Deque<String> more = new ArrayDeque<>();
  private boolean over;
  private final BlockingQueue<Map<String, String>> answers = new LinkedBlockingQueue<>();

  /**
   * For one turn.
   *
   * @param tag put into every line, as {@link DemoTurn} does
   * @param somebodyListens whether answers can come at all
   */
  DemoTalk(PrintStream out, String tag, boolean somebodyListens) {
    this.out = out;
    this.tag = tag;
    this.somebodyListens = somebodyListens;
  }

  /** An answer has come. */
  void answered(Map<String, String> answer) {
    answers.add(answer);
  }

  /** More to do has come; says whether the turn takes it. */
  synchronized void steered(String steer, String prompt) {
    if (!over) {
      more.add(prompt);
    }
    var type = over ? "not_steered" : "steered";
    out.print("{\"type\":\"" + type + "\",\"steer\":" + FlatJson.quote(steer) + tag + "}\n");
    out.flush();
  }

  /** The next thing to do, or an empty text: then the turn is over, and takes no more. */
  synchronized String next() {
    var next = more.poll();
    over = next == null;
    return next == null ? "" : next;
  }

  /** Asks whether it may use a tool; why not, or an empty text when it may. */
  String refusal(String tool, String input) throws InterruptedException {
    if (!somebodyListens) {
      return "nobody is there to be asked";
    }
    var question = UUID.randomUUID().toString();
    out.print(
        "{\"type\":\"ask\",\"question\":"
            + FlatJson.quote(question)
            + ",\"tool\":"
            + FlatJson.quote(tool)
            + ",\"input\":"
            + FlatJson.quote(input)
            + tag
            + "}\n");
    out.flush();
    var answer = answers.take();
    while (!question.equals(answer.get("question"))) {
      answer = answers.take(); // To a question that was given up.
    }
    return "allow".equals(answer.get("decision")) ? "" : answer.getOrDefault("why", "no");
  }
}
