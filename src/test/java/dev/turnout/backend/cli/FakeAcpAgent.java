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
import java.util.List;
import java.util.Map;

/**
 * A program that speaks ACP and does what the first word of its prompt says, however bad. It keeps
 * its conversations in its HOME. Its arguments are how it misbehaves before the first prompt.
 */
final class FakeAcpAgent {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SESSION = "acp-session-1";

  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private final List<String> arguments;
  private final Path memory = Path.of(System.getenv("HOME"), SESSION);
  private String session = "";
  private String servers = "none were named";

  private FakeAcpAgent(List<String> arguments) {
    this.arguments = arguments;
  }

  public static void main(String... args) throws IOException {
    new FakeAcpAgent(List.of(args)).serve();
  }

  private void serve() throws IOException {
    System.out.println("a banner that is no JSON");
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      var said = JSON.readTree(line);
      switch (said.path("method").asText()) {
        case "initialize" -> initialize(said);
        case "session/new" -> {
          servers = said.path("params").path("mcpServers").toString();
          open(said, SESSION);
        }
        case "session/load" -> {
          servers = said.path("params").path("mcpServers").toString();
          if (!Files.exists(memory)) {
            error(said, -32603, "Internal error", Map.of("details", "Invalid session identifier"));
          } else {
            session = SESSION;
            chunk("all that was ever said"); // Of the past: nobody's answer now.
            open(said, SESSION);
          }
        }
        case "session/set_model" -> answer(said, Map.of());
        case "session/prompt" -> prompt(said);
        default -> {
          if (!arguments.contains("--curt")) {
            error(said, -32601, "Method not found", Map.of());
          }
        }
      }
    }
  }

  private void initialize(JsonNode said) {
    if (arguments.contains("--refuse")) {
      error(said, -32000, "Authentication required", Map.of());
    } else if (arguments.contains("--deep")) {
      deep(said, "\"protocolVersion\":1");
    } else if (!arguments.contains("--mute")) {
      answer(
          said,
          Map.of(
              "protocolVersion",
              arguments.contains("--newer") ? 2 : 1,
              "agentCapabilities",
              Map.of(
                  "loadSession",
                  !arguments.contains("--forgetful"),
                  "mcpCapabilities",
                  Map.of("http", !arguments.contains("--programs-alone")))));
    }
  }

  private void open(JsonNode said, String id) {
    session = id;
    answer(
        said,
        arguments.contains("--models")
            ? Map.of("sessionId", id, "models", Map.of("currentModelId", "small"))
            : Map.of("sessionId", id));
  }

  private void prompt(JsonNode said) throws IOException {
    var text = said.path("params").path("prompt").path(0).path("text").asText();
    var words = text.split(" ", 2);
    var rest = words.length > 1 ? words[1] : "";
    if (endsOtherwise(said, words[0], rest)) {
      return;
    }
    answer(words[0], text);
    Files.writeString(
        memory,
        text.replace('\n', ' ') + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    answer(
        said,
        Map.of("stopReason", "end_turn", "usage", Map.of("inputTokens", 7, "outputTokens", 3)));
  }

  private boolean endsOtherwise(JsonNode said, String word, String rest) throws IOException {
    switch (word) {
      case "wait" -> {
        chunk("begun");
        in.readLine(); // The cancellation.
        answer(said, Map.of("stopReason", "cancelled"));
        chunk("too late");
      }
      case "stubborn" -> {
        in.readLine();
        in.readLine();
      }
      case "half" -> {
        System.out.print("{\"jsonrpc\":\"2.0\",\"id\":");
        System.exit(0);
      }
      case "garbage" -> {
        System.out.println("<html>gateway timeout</html>");
        System.exit(0);
      }
      case "die" -> {
        System.err.println("it hurts");
        System.exit(3);
      }
      case "error" -> {
        var parts = rest.split(" ", 2);
        error(said, Integer.parseInt(parts[0]), parts[1], Map.of());
      }
      case "deep" -> deep(said, "\"stopReason\":\"end_turn\"");
      case "over" -> {
        // A call that is told of when it is over already; then nothing more.
        update(
            Map.of(
                "sessionUpdate", "tool_call", "toolCallId", "t", "title", "look", "status", rest));
      }
      case "stop" -> {
        chunk("partly");
        answer(said, Map.of("stopReason", rest));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void answer(String word, String text) throws IOException {
    switch (word) {
      case "recall" ->
          chunk(Files.exists(memory) ? String.join(" | ", Files.readAllLines(memory)) : "nothing");
      case "others" -> {
        System.out.println(
            "{\"jsonrpc\":\"2.0\",\"id\":1000000,\"result\":{\"stopReason\":\"x\"}}");
        System.out.println("{\"jsonrpc\":\"2.0\",\"method\":\"_news\",\"params\":{}}");
        var mine = session;
        session = "another";
        chunk("of another session");
        session = mine;
        chunk("mine");
      }
      case "ask" -> {
        request("session/request_permission", permission(text));
        chunk(JSON.readTree(in.readLine()).path("result").path("outcome").toString());
      }
      case "read" -> {
        request("fs/read_text_file", Map.of("sessionId", session, "path", "/etc/passwd"));
        chunk(JSON.readTree(in.readLine()).path("error").path("code").toString());
      }
      case "tool" -> {
        chunk("let me look");
        update(Map.of("sessionUpdate", "tool_call", "toolCallId", "t", "title", "look"));
        update(
            Map.of("sessionUpdate", "tool_call_update", "toolCallId", "t", "status", "completed"));
        chunk("seen");
      }
      case "servers" -> chunk(servers);
      case "nothing" -> {}
      default -> chunk(text);
    }
  }

  private Map<String, Object> permission(String text) {
    boolean server = text.contains("server");
    var kind = text.endsWith("execute") ? "execute" : server ? "other" : "delete";
    var title = server ? "search (docs MCP Server)" : "rm -rf";
    return Map.of(
        "sessionId",
        session,
        "toolCall",
        Map.of("toolCallId", "t", "title", title, "kind", kind),
        "options",
        List.of(
            Map.of("optionId", "yes", "kind", "allow_once"),
            Map.of("optionId", "no", "kind", "reject_once")));
  }

  private void chunk(String text) {
    update(
        Map.of(
            "sessionUpdate",
            "agent_message_chunk",
            "content",
            Map.of("type", "text", "text", text)));
  }

  private void update(Map<String, ?> update) {
    print(
        Map.of(
            "jsonrpc",
            "2.0",
            "method",
            "session/update",
            "params",
            Map.of("sessionId", session, "update", update)));
  }

  private static void request(String method, Map<String, ?> params) {
    print(Map.of("jsonrpc", "2.0", "id", 0, "method", method, "params", params));
  }

  private static void answer(JsonNode request, Map<String, ?> result) {
    print(Map.of("jsonrpc", "2.0", "id", request.path("id"), "result", result));
  }

  /** An answer that nests deeper than anybody reads. */
  private static void deep(JsonNode request, String field) {
    System.out.printf(
        "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{%s,\"deep\":%s%s}}%n",
        request.path("id"), field, "[".repeat(2000), "]".repeat(2000));
  }

  private static void error(JsonNode request, int code, String message, Map<String, ?> data) {
    print(
        Map.of(
            "jsonrpc",
            "2.0",
            "id",
            request.path("id"),
            "error",
            Map.of("code", code, "message", message, "data", data)));
  }

  private static void print(Map<String, ?> line) {
    System.out.println(JSON.valueToTree(line).toString());
    System.out.flush();
  }
}
