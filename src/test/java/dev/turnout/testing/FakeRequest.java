package dev.turnout.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A request of any dialect in one shape.
 *
 * @param sideQuestion whether it asks for JSON of a schema, as CLIs do beside the conversation
 */
record FakeRequest(
    FakeDialect dialect,
    String model,
    boolean stream,
    boolean sideQuestion,
    List<String> tools,
    List<Message> messages,
    JsonNode body) {

  /** A message: what it says, which tools it calls, which results of tools it brings. */
  record Message(String role, String text, List<String> calls, List<String> results) {
    boolean isUser() {
      return role.equals("user");
    }

    boolean endsATurn() {
      return role.equals("assistant") && calls.isEmpty() && !text.isEmpty();
    }
  }

  static FakeRequest anthropic(JsonNode body) {
    var messages =
        elements(body.path("messages"))
            .map(
                m ->
                    new Message(
                        m.path("role").asText(),
                        text(m.path("content")),
                        of(m, "tool_use").map(b -> b.path("name").asText()).toList(),
                        of(m, "tool_result").map(FakeRequest::result).toList()))
            .toList();
    return new FakeRequest(
        FakeDialect.ANTHROPIC,
        body.path("model").asText(),
        body.path("stream").asBoolean(),
        false,
        elements(body.path("tools")).map(t -> t.path("name").asText()).toList(),
        messages,
        body);
  }

  static FakeRequest chat(JsonNode body) {
    var messages =
        elements(body.path("messages"))
            .map(
                m ->
                    m.path("role").asText().equals("tool")
                        ? new Message("user", "", List.of(), List.of(text(m.path("content"))))
                        : new Message(
                            m.path("role").asText(),
                            text(m.path("content")),
                            elements(m.path("tool_calls"))
                                .map(c -> c.at("/function/name").asText())
                                .toList(),
                            List.of()))
            .toList();
    return new FakeRequest(
        FakeDialect.CHAT,
        body.path("model").asText(),
        body.path("stream").asBoolean(),
        body.at("/response_format/type").asText().equals("json_schema"),
        elements(body.path("tools")).map(t -> t.at("/function/name").asText()).toList(),
        messages,
        body);
  }

  static FakeRequest responses(JsonNode body) {
    var messages = new ArrayList<Message>();
    if (body.path("input").isTextual()) {
      messages.add(new Message("user", body.path("input").asText(), List.of(), List.of()));
    }
    elements(body.path("input")).forEach(item -> addItem(messages, item));
    return new FakeRequest(
        FakeDialect.RESPONSES,
        body.path("model").asText(),
        body.path("stream").asBoolean(),
        false,
        elements(body.path("tools")).flatMap(FakeRequest::responsesTool).toList(),
        List.copyOf(messages),
        body);
  }

  static FakeRequest gemini(JsonNode body, String model, boolean stream) {
    var messages =
        elements(body.path("contents"))
            .map(
                m ->
                    new Message(
                        m.path("role").asText().equals("model") ? "assistant" : "user",
                        elements(m.path("parts"))
                            .filter(p -> !p.path("thought").asBoolean())
                            .map(p -> p.path("text").asText())
                            .collect(Collectors.joining("\n")),
                        elements(m.path("parts"))
                            .filter(p -> p.has("functionCall"))
                            .map(p -> p.at("/functionCall/name").asText())
                            .toList(),
                        elements(m.path("parts"))
                            .filter(p -> p.has("functionResponse"))
                            .map(p -> p.at("/functionResponse/response").toString())
                            .toList()))
            .toList();
    return new FakeRequest(
        FakeDialect.GEMINI,
        model,
        stream,
        body.at("/generationConfig/responseMimeType").asText().equals("application/json"),
        elements(body.path("tools"))
            .flatMap(t -> elements(t.path("functionDeclarations")))
            .map(f -> f.path("name").asText())
            .toList(),
        messages,
        body);
  }

  /** How many user texts the conversation has: grows only when history came along. */
  int turnNumber() {
    return (int) messages.stream().filter(m -> m.isUser() && !m.text().isBlank()).count();
  }

  /** The messages since the last finished reply: the turn that is being worked on. */
  List<Message> currentTurn() {
    var start = messages.size();
    while (start > 0 && !messages.get(start - 1).endsATurn()) {
      start--;
    }
    return messages.subList(start, messages.size());
  }

  String newestUserText() {
    return currentTurn().stream()
        .filter(Message::isUser)
        .map(Message::text)
        .collect(Collectors.joining("\n"));
  }

  /** The declared tool with this name, or the first that ends with it, or the name itself. */
  String tool(String name) {
    if (tools.contains(name)) {
      return name;
    }
    return tools.stream().filter(t -> t.endsWith(name)).findFirst().orElse(name);
  }

  private static void addItem(List<Message> messages, JsonNode item) {
    var type = item.path("type").asText("message");
    if (type.endsWith("_call")) {
      var call = List.of(item.path("name").asText(type));
      // One reply: its text, and then the call that makes it unfinished.
      if (!messages.isEmpty() && messages.getLast().role().equals("assistant")) {
        var last = messages.removeLast();
        messages.add(new Message(last.role(), last.text(), call, last.results()));
      } else {
        messages.add(new Message("assistant", "", call, List.of()));
      }
    } else if (type.endsWith("_call_output")) {
      messages.add(new Message("user", "", List.of(), List.of(output(item.path("output")))));
    } else if (type.equals("message")) {
      messages.add(
          new Message(
              item.path("role").asText(), text(item.path("content")), List.of(), List.of()));
    }
  }

  private static String output(JsonNode output) {
    var text = text(output.isObject() ? output.path("content") : output);
    return text.isEmpty() ? output.toString() : text;
  }

  private static Stream<String> responsesTool(JsonNode tool) {
    var name = tool.path("name").asText(tool.path("type").asText());
    return tool.path("type").asText().equals("namespace")
        ? elements(tool.path("tools")).map(t -> name + "." + t.path("name").asText())
        : Stream.of(name);
  }

  private static Stream<JsonNode> of(JsonNode message, String type) {
    return elements(message.path("content")).filter(b -> b.path("type").asText().equals(type));
  }

  private static String result(JsonNode block) {
    return (block.path("is_error").asBoolean() ? "ERROR " : "") + text(block.path("content"));
  }

  private static String text(JsonNode content) {
    return content.isTextual()
        ? content.asText()
        : elements(content)
            .filter(b -> b.has("text"))
            .map(b -> b.path("text").asText())
            .collect(Collectors.joining("\n"));
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return array.isArray() ? StreamSupport.stream(array.spliterator(), false) : Stream.empty();
  }
}
