package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.failure.FailureSignal;
import dev.turnout.livesession.LiveGreeting;
import dev.turnout.livesession.LiveGreeting.Verdict;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Claude Code's stream-json in both directions. Each input has a UUID, and the CLI says when it
 * begins to work on it: what comes before that is of an earlier turn, a late result above all.
 */
final class ClaudeLines implements LiveLines {
  /** Arguments beside those of a single turn. */
  static final List<String> ARGUMENTS = List.of("--input-format", "stream-json");

  private static final String CONTROL_REQUEST = "control_request";

  /** The state of an input that the CLI has taken and does not work on yet. */
  private static final String QUEUED = "queued";

  private final String id = UUID.randomUUID().toString();

  /** What it was told beside its input and has no result yet for. */
  private final Set<String> told = new HashSet<>();

  private final Consumer<FailureSignal> refused;
  private final String interrupt = UUID.randomUUID().toString();
  private boolean begun;
  private boolean interrupted;

  /** Whether it has said that nothing we told it is still to be worked on. */
  private boolean letGoOfAll;

  /**
   * A turn.
   *
   * @param refused told why the process that was started for this turn takes none
   */
  ClaudeLines(Consumer<FailureSignal> refused) {
    this.refused = refused;
  }

  /** Says nothing by itself, but answers this. */
  @Override
  public LiveGreeting greeting() {
    var request = UUID.randomUUID().toString();
    return new LiveGreeting() {
      @Override
      public String text() {
        return control(request, Map.of("subtype", "initialize"));
      }

      @Override
      public Verdict of(String line) {
        var answer =
            JsonPaths.object(line)
                .filter(node -> node.path("type").asText().equals("control_response"))
                .map(node -> node.path("response"))
                .filter(response -> response.path("request_id").asText().equals(request));
        return answer.map(ClaudeLines.this::verdict).orElse(Verdict.OPEN);
      }
    };
  }

  private Verdict verdict(JsonNode answer) {
    return switch (answer.path("subtype").asText()) {
      case "success" -> Verdict.READY;
      case "error" -> {
        var why = JsonPaths.text(answer, "error").orElse("it does not say why");
        refused.accept(
            new FailureSignal.CliReported("claude", Map.of(), "initialize was refused: " + why));
        yield Verdict.REFUSED;
      }
      default -> Verdict.OPEN;
    };
  }

  private static String control(String request, Map<String, ?> what) {
    return JsonLine.of(Map.of("type", CONTROL_REQUEST, "request_id", request, "request", what));
  }

  @Override
  public String input(String prompt) {
    return user(id, prompt);
  }

  private static String user(String uuid, String prompt) {
    var text = Map.of("type", "text", "text", prompt);
    return JsonLine.of(
        Map.of(
            "type",
            "user",
            "message",
            Map.of("role", "user", "content", List.of(text)),
            "uuid",
            uuid));
  }

  /** With all that waits behind the turn: else that would run afterwards, and nobody listens. */
  @Override
  public Optional<String> interruption() {
    interrupted = true;
    return Optional.of(control(interrupt, Map.of("subtype", "interrupt", "cancel_queued", true)));
  }

  @Override
  public boolean canBeSteered() {
    return begun;
  }

  /** Another input: it is taken up at the next call of a tool's end, or as a turn of its own. */
  @Override
  public String steer(String steer, String text) {
    told.add(steer);
    return user(steer, text);
  }

  @Override
  public Meaning of(JsonNode line) {
    var type = line.path("type").asText();
    begun |= isMine(line);
    return switch (type) {
      case "command_lifecycle" -> {
        var uuid = line.path("command_uuid").asText();
        yield told.contains(uuid) && line.path("state").asText().equals(QUEUED)
            ? new Meaning.Steered(uuid, true)
            : new Meaning.Aside();
      }
      case "control_response" -> {
        letGoOfAll |= hasLetGoOfAll(line.path("response"));
        yield new Meaning.Aside();
      }
      case CONTROL_REQUEST -> question(line);
      case "control_cancel_request" -> new Meaning.Withdraws(line.path("request_id").asText());
      case "result" -> begun && !isOfAnother(line) ? result(line) : new Meaning.Aside();
      default -> begun ? new Meaning.Part() : new Meaning.Aside();
    };
  }

  /** While it is queued the CLI may still be busy with something that nobody asked for. */
  private boolean isMine(JsonNode line) {
    return line.path("command_uuid").asText().equals(id)
        ? !line.path("state").asText().equals(QUEUED)
        : line.path("user_message_uuid").asText().equals(id);
  }

  /** To the interruption. A CLI that does not know how to drop what is queued names it here. */
  private boolean hasLetGoOfAll(JsonNode answer) {
    var left = answer.path("response").path("still_queued");
    return answer.path("request_id").asText().equals(interrupt) && left.isArray() && left.isEmpty();
  }

  /**
   * What it was told and has not worked on yet it does now, with a result of its own; unless it was
   * interrupted and dropped that. If it does not say that it did, the turn has no end here: such a
   * process must not be kept.
   */
  private Meaning result(JsonNode line) {
    line.path("user_message_uuids").forEach(input -> told.remove(input.asText()));
    return told.isEmpty() || (interrupted && letGoOfAll) ? new Meaning.End() : new Meaning.Part();
  }

  private boolean isOfAnother(JsonNode result) {
    var inputs = result.path("user_message_uuids");
    if (!inputs.isArray() || inputs.isEmpty()) {
      return false; // A turn that was broken off does not say.
    }
    for (var input : inputs) {
      if (input.asText().equals(id) || told.contains(input.asText())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Optional<String> unasked(JsonNode line) {
    return line.path("type").asText().equals(CONTROL_REQUEST)
        ? Optional.of(refusal(line))
        : Optional.empty();
  }

  private static Meaning question(JsonNode line) {
    var request = line.path("request");
    if (!request.path("subtype").asText().equals("can_use_tool")) {
      return new Meaning.Question(refusal(line));
    }
    var tool = request.path("tool_name").asText();
    var input = request.path("input");
    return new Meaning.Asks(
        new AgentQuestion(
            line.path("request_id").asText(),
            List.of(tool),
            tool,
            Optional.empty(),
            AgentQuestion.wish(input)),
        (allowed, why) ->
            response(
                line,
                allowed
                    ? Map.of("behavior", "allow", "updatedInput", input)
                    : Map.of("behavior", "deny", "message", why)));
  }

  private static String response(JsonNode line, Map<String, ?> response) {
    return JsonLine.of(
        Map.of(
            "type",
            "control_response",
            "response",
            Map.of(
                "subtype",
                "success",
                "request_id",
                line.path("request_id").asText(),
                "response",
                response)));
  }

  /** It asks for nothing that we have told it to ask for; left without an answer it would wait. */
  private static String refusal(JsonNode line) {
    return JsonLine.of(
        Map.of(
            "type",
            "control_response",
            "response",
            Map.of(
                "subtype", "error",
                "request_id", line.path("request_id").asText(),
                "error", "nobody is there to be asked")));
  }
}
