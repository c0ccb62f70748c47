package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A program that speaks as Codex's app-server does, and does what the first word of its prompt
 * says. It keeps its thread in its HOME.
 */
final class FakeAppServer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String THREAD = "thread-1";

  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private final List<String> arguments;
  private final Path memory = Path.of(System.getenv("HOME"), THREAD);
  private int turns;
  private String turn = "";

  private FakeAppServer(List<String> arguments) {
    this.arguments = arguments;
  }

  public static void main(String... args) throws IOException {
    new FakeAppServer(List.of(args)).serve();
  }

  private void serve() throws IOException {
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      var said = JSON.readTree(line);
      switch (said.path("method").asText()) {
        case "initialize" -> {
          if (arguments.contains("--refuse")) {
            error(said, "no config");
          } else {
            answer(said, Map.of("userAgent", "fake"));
          }
        }
        case "initialized" -> {}
        case "thread/start" -> answer(said, Map.of("thread", Map.of("id", THREAD)));
        case "thread/resume" -> {
          if (Files.exists(memory)) {
            answer(said, Map.of("thread", Map.of("id", THREAD)));
          } else {
            error(said, "no rollout found for thread id gone");
          }
        }
        case "turn/start" -> start(said);
        default -> System.err.println("not expected: " + line);
      }
    }
  }

  private void start(JsonNode said) throws IOException {
    var text = said.path("params").path("input").path(0).path("text").asText();
    var words = text.split(" ", 2);
    var rest = words.length > 1 ? words[1] : "";
    var before = turn;
    turn = "turn-" + ++turns;
    if (words[0].equals("hasty")) {
      // What the turn says and the answer to the request come from different tasks.
      started();
      message(text);
      completed(Map.of("id", turn, "status", "completed"));
      answer(said, Map.of("turn", Map.of("id", turn)));
      return;
    }
    if (words[0].equals("begun")) {
      started();
    }
    answer(said, Map.of("turn", Map.of("id", turn)));
    if (!words[0].equals("begun")) {
      started();
    }
    if (!before.isEmpty()) {
      speakLate(before);
    }
    if (endsOtherwise(words[0], rest)) {
      return;
    }
    switch (words[0]) {
      case "recall" -> message(String.join(" | ", Files.readAllLines(memory)));
      case "ask" -> {
        print(
            Map.of(
                "id",
                "q",
                "method",
                "item/commandExecution/requestApproval",
                "params",
                Map.of("command", "rm -rf")));
        message(JSON.readTree(in.readLine()).path("result").path("decision").asText());
      }
      case "nothing" -> {}
      default -> message(text);
    }
    Files.writeString(memory, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    tokens(10 * turns);
    tokens(10 * turns);
    completed(Map.of("id", turn, "status", "completed"));
  }

  /** What an earlier turn still had to say. */
  private void speakLate(String before) {
    var mine = turn;
    turn = before;
    message("of an earlier turn");
    completed(Map.of("id", turn, "status", "completed"));
    turn = mine;
  }

  private boolean endsOtherwise(String word, String rest) throws IOException {
    switch (word) {
      case "wait" -> {
        delta("begun");
        var interrupt = JSON.readTree(in.readLine());
        answer(interrupt, Map.of());
        var named = interrupt.path("params").path("turnId").asText();
        completed(Map.of("id", named, "status", "interrupted"));
      }
      case "steerable" -> {
        delta("begun");
        var steer = JSON.readTree(in.readLine());
        var params = steer.path("params");
        if (rest.equals("late")) {
          message("done");
          completed(Map.of("id", turn, "status", "completed"));
          error(steer, "no active turn");
        } else {
          answer(steer, Map.of("turnId", params.path("expectedTurnId")));
          message("heard " + params.path("input").path(0).path("text").asText());
          completed(Map.of("id", turn, "status", "completed"));
        }
      }
      case "stubborn" -> {
        in.readLine();
        in.readLine();
      }
      case "half" -> {
        System.out.print("{\"method\":\"turn/comp");
        System.exit(0);
      }
      case "die" -> {
        System.err.println("it hurts");
        System.exit(3);
      }
      case "error" ->
          completed(
              Map.of(
                  "id",
                  turn,
                  "status",
                  "failed",
                  "error",
                  Map.of("message", "it failed", "codexErrorInfo", JSON.readTree(rest))));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void started() {
    notify("turn/started", Map.of("turn", Map.of("id", turn, "status", "inProgress")));
  }

  private void message(String text) {
    delta(text);
    var item = Map.of("type", "agentMessage", "id", "m" + turn, "text", text);
    notify("item/completed", Map.of("turnId", turn, "item", item));
  }

  private void delta(String text) {
    notify("item/agentMessage/delta", Map.of("turnId", turn, "itemId", "m" + turn, "delta", text));
  }

  private void tokens(int total) {
    var last = Map.of("inputTokens", 7, "outputTokens", 3, "cachedInputTokens", 0);
    notify(
        "thread/tokenUsage/updated",
        Map.of(
            "turnId",
            turn,
            "tokenUsage",
            Map.of("total", Map.of("totalTokens", total), "last", last)));
  }

  private void completed(Map<String, ?> ended) {
    notify("turn/completed", Map.of("turn", ended));
  }

  private void notify(String method, Map<String, ?> more) {
    var params = new HashMap<String, Object>(more);
    params.put("threadId", THREAD);
    print(Map.of("method", method, "params", params));
  }

  private static void answer(JsonNode request, Map<String, ?> result) {
    print(Map.of("id", request.path("id"), "result", result));
  }

  private static void error(JsonNode request, String message) {
    print(Map.of("id", request.path("id"), "error", Map.of("code", -32600, "message", message)));
  }

  private static void print(Map<String, ?> line) {
    System.out.println(JSON.valueToTree(line).toString());
    System.out.flush();
  }
}
