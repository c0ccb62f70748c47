package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.livesession.LiveGreeting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The demo agent's protocol: every line of a turn names it. */
final class DemoLines implements LiveLines {
  /** Arguments beside those of a single turn. */
  static final List<String> ARGUMENTS = List.of("--live");

  private final String id = UUID.randomUUID().toString();

  /** It says by itself that it is ready. */
  @Override
  public LiveGreeting greeting() {
    return new LiveGreeting() {
      @Override
      public String text() {
        return "";
      }

      @Override
      public Verdict of(String line) {
        boolean ready =
            JsonPaths.object(line)
                .filter(node -> node.path("type").asText().equals("ready"))
                .isPresent();
        return ready ? Verdict.READY : Verdict.OPEN;
      }
    };
  }

  @Override
  public String input(String prompt) {
    return JsonLine.of(Map.of("type", "turn", "id", id, "prompt", prompt));
  }

  @Override
  public Optional<String> interruption() {
    return Optional.of(JsonLine.of(Map.of("type", "interrupt", "id", id)));
  }

  @Override
  public boolean canBeSteered() {
    return true;
  }

  @Override
  public String steer(String steer, String text) {
    return JsonLine.of(Map.of("type", "steer", "id", id, "steer", steer, "prompt", text));
  }

  @Override
  public Meaning of(JsonNode line) {
    if (!line.path("turn").asText().equals(id)) {
      return new Meaning.Aside();
    }
    return switch (line.path("type").asText()) {
      case "result", "interrupted" -> new Meaning.End();
      case "ask" -> question(line);
      case "steered" -> new Meaning.Steered(line.path("steer").asText(), true);
      case "not_steered" -> new Meaning.Steered(line.path("steer").asText(), false);
      default -> new Meaning.Part();
    };
  }

  private Meaning question(JsonNode line) {
    var question = line.path("question").asText();
    var tool = line.path("tool").asText();
    return new Meaning.Asks(
        new AgentQuestion(
            question, List.of(tool), tool, Optional.empty(), line.path("input").asText()),
        (allowed, why) ->
            JsonLine.of(
                Map.of(
                    "type",
                    "answer",
                    "id",
                    id,
                    "question",
                    question,
                    "decision",
                    allowed ? "allow" : "deny",
                    "why",
                    why)));
  }
}
