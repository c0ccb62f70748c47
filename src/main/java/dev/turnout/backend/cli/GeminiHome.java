package dev.turnout.backend.cli;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode.OverwriteMode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.livesession.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * What Gemini CLI reads from its HOME and from nowhere else: how it signs in, how often it tries,
 * what it tells its maker, which MCP servers there are, and words to the model that are not the
 * user's. Only for a HOME of ours; an operator's own is the operator's.
 */
final class GeminiHome {
  /** Reads what the CLI reads: JSON with comments. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();

  /** Hundreds of times what its settings take, in bytes. */
  private static final long LARGEST = 1 << 20;

  private GeminiHome() {}

  /**
   * Anew for each attempt: the settings may have changed since the last. INVARIANT: whatever an
   * agent has left here, the next attempt finds what it needs, and nothing is read or written where
   * a link points to. What stands in the way is removed: it would be in the way for ever.
   */
  static void prepare(
      Path home,
      Map<String, String> environment,
      Optional<String> systemPrompt,
      Map<String, Object> mcpServers)
      throws IOException {
    var directory = home.resolve(".gemini");
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(directory);
      Files.createDirectory(directory);
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    settings(directory.resolve("settings.json"), environment, mcpServers);
    var memory = directory.resolve("GEMINI.md");
    if (systemPrompt.isPresent()) {
      write(memory, systemPrompt.get());
    } else {
      boolean _ = DirectoryTree.delete(memory);
    }
  }

  /** In one step, in the place of whatever is there; a link is replaced and not followed. */
  private static void write(Path file, String text) throws IOException {
    var directory = file.resolveSibling("");
    var written = Files.createTempFile(directory, "turnout", ".tmp");
    try {
      Files.writeString(written, text);
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        boolean _ = DirectoryTree.delete(file);
      }
      var _ = Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  /** What the CLI has written there; nothing when it cannot be read as that. */
  private static ObjectNode known(Path file) {
    try {
      boolean readable =
          Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= LARGEST;
      return readable && JSON.readTree(file.toFile()) instanceof ObjectNode written
          ? written
          : JSON.createObjectNode();
    } catch (IOException e) {
      // The agent can write here, and one file of its making would end the session for good.
      return JSON.createObjectNode();
    }
  }

  /** The object at this place, put there in the stead of anything else that is. */
  private static ObjectNode at(ObjectNode settings, String place) {
    return settings.withObject(JsonPointer.compile(place), OverwriteMode.ALL, true);
  }

  /** The CLI keeps settings of its own in the file; those stay, MCP servers excepted. */
  private static void settings(
      Path file, Map<String, String> environment, Map<String, Object> mcpServers)
      throws IOException {
    var settings = known(file);
    boolean vertex = "true".equalsIgnoreCase(environment.get("GOOGLE_GENAI_USE_VERTEXAI"));
    // Without it a base URL in the environment alone picks a way that fails.
    at(settings, "/security/auth").put("selectedType", vertex ? "vertex-ai" : "gemini-api-key");
    at(settings, "/telemetry").put("enabled", false);
    at(settings, "/privacy").put("usageStatisticsEnabled", false);
    at(settings, "/general")
        .put("enableAutoUpdate", false)
        .put("enableAutoUpdateNotification", false)
        .put("maxAttempts", 1);
    // Not beside what stands there: an agent could give itself servers that outlive its turn.
    settings.set("mcpServers", JSON.valueToTree(mcpServers));
    write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(settings));
  }
}
