package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What Gemini CLI reads from its HOME and from nowhere else: how it signs in, how often it tries,
 * what it tells its maker, which MCP servers there are, and words to the model that are not the
 * user's. Only for a HOME of ours; an operator's own is the operator's.
 */
final class GeminiHome {
  private static final ObjectMapper JSON = new ObjectMapper();

  private GeminiHome() {}

  /** Anew for each attempt: the settings may have changed since the last. */
  static void prepare(
      Path home,
      Map<String, String> environment,
      Optional<String> systemPrompt,
      Map<String, Object> mcpServers)
      throws IOException {
    var directory = Files.createDirectories(home.resolve(".gemini"));
    settings(directory.resolve("settings.json"), environment, mcpServers);
    var memory = directory.resolve("GEMINI.md");
    if (systemPrompt.isPresent()) {
      Files.writeString(memory, systemPrompt.get());
    } else {
      Files.deleteIfExists(memory);
    }
  }

  /** The CLI keeps settings of its own in the file; those stay, MCP servers excepted. */
  private static void settings(
      Path file, Map<String, String> environment, Map<String, Object> mcpServers)
      throws IOException {
    var settings =
        Files.exists(file) && JSON.readTree(file.toFile()) instanceof ObjectNode written
            ? written
            : JSON.createObjectNode();
    boolean vertex = "true".equalsIgnoreCase(environment.get("GOOGLE_GENAI_USE_VERTEXAI"));
    // Without it a base URL in the environment alone picks a way that fails.
    settings
        .withObject("/security/auth")
        .put("selectedType", vertex ? "vertex-ai" : "gemini-api-key");
    settings.withObject("/telemetry").put("enabled", false);
    settings.withObject("/privacy").put("usageStatisticsEnabled", false);
    settings
        .withObject("/general")
        .put("enableAutoUpdate", false)
        .put("enableAutoUpdateNotification", false)
        .put("maxAttempts", 1);
    // Not beside what stands there: an agent could give itself servers that outlive its turn.
    settings.set("mcpServers", JSON.valueToTree(mcpServers));
    Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(settings));
  }
}
