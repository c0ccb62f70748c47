package dev.turnout.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The demo agent as a process that lives on: one JSON object a line on stdin, {@code turn} with
 * {@code id} and {@code prompt}, and for the turn {@code id} an {@code interrupt}, an {@code
 * answer} to what it asked, or a {@code steer} with more to do. Every line that it says of a turn
 * names the turn. It ends with its stdin.
 */
final class DemoLive {
  private final PrintStream out;
  private final DemoMemory memory;
  private final String session;

  /** The turn that runs, by its id. */
  private volatile String running = "";

  private Thread worker = new Thread(() -> {});
  private DemoTalk talk;

  DemoLive(PrintStream out, DemoMemory memory, String session) {
    this.out = out;
    this.memory = memory;
    this.session = session;
    this.talk = new DemoTalk(out, "", true);
  }

  /** Serves turns until stdin ends; the exit code. */
  int serve() throws IOException, InterruptedException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    out.print("{\"type\":\"ready\"}\n");
    out.flush();
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      try {
        var said = FlatJson.read(line);
        var id = said.getOrDefault("id", "");
        switch (said.getOrDefault("type", "")) {
          case "turn" -> begin(id, said.getOrDefault("prompt", ""));
          case "interrupt" -> {
            if (id.equals(running)) {
              worker.interrupt();
            }
          }
          case "answer" -> {
            if (id.equals(running)) {
              talk.answered(said);
            }
          }
          case "steer" ->
              steer(id, said.getOrDefault("steer", ""), said.getOrDefault("prompt", ""));
          default -> throw new IllegalArgumentException("unknown type");
        }
      } catch (IllegalArgumentException e) {
        System.err.println("a line of stdin is not understood: " + e.getMessage());
        return 2;
      }
    }
    worker.join();
    return 0;
  }

  private void steer(String id, String steer, String prompt) {
    if (id.equals(running)) {
      talk.steered(steer, prompt.strip());
    } else {
      var late = new DemoTalk(out, ",\"turn\":" + FlatJson.quote(id), true);
      late.next(); // Nothing is left to do in it.
      late.steered(steer, prompt);
    }
  }

  private void begin(String id, String prompt) throws InterruptedException {
    worker.join(); // One turn at a time.
    running = id;
    var tag = ",\"turn\":" + FlatJson.quote(id);
    var heard = new DemoTalk(out, tag, true);
    talk = heard;
    worker = new Thread(() -> answer(tag, prompt.strip(), heard), "turn");
    worker.start();
  }

  private void answer(String tag, String prompt, DemoTalk heard) {
    try {
      if (!new DemoTurn(out, memory, session, tag, heard).answer(prompt)) {
        out.flush();
        System.exit(1);
      }
    } catch (InterruptedException e) {
      running = "";
      out.print("{\"type\":\"interrupted\"" + tag + "}\n");
      out.flush();
    } catch (IOException e) {
      System.err.println(e);
      System.exit(1);
    }
  }
}
