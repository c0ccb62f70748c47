package dev.turnout.backend.cli;

import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.settings.BackendSettings.CliDialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What differs between the CLIs beyond their arguments: how they talk, and what their HOME needs.
 */
final class Dialects {
  private Dialects() {}

  static OutputReader reader(Cli cli) {
    return switch (cli.dialect()) {
      case COMMAND ->
          switch (cli.output()) {
            case TEXT -> new TextReader();
            case JSON -> new JsonReader(cli.fields(), true);
            case JSONL -> new JsonReader(cli.fields(), false);
          };
      case CLAUDE -> new ClaudeReader();
      case CODEX -> new CodexReader();
      case GEMINI -> new GeminiReader();
      case DEMO -> new DemoReader();
    };
  }

  /**
   * Whether a process that was to resume says that it does not know the conversation. Its exit code
   * is the same as for any other start that failed; only the words tell.
   */
  static boolean saysSessionUnknown(Cli cli, String stderr) {
    var text = stderr.toLowerCase(Locale.ROOT);
    return switch (cli.dialect()) {
      case CLAUDE -> text.contains("no conversation found with session id");
      case CODEX -> text.contains("no rollout found");
      case GEMINI ->
          text.contains("invalid session identifier") || text.contains("error resuming session");
      case DEMO -> text.contains("no conversation with id");
      case COMMAND ->
          text.matches("(?s).*(session|conversation)[^\\n]*(not found|unknown|does not exist).*");
    };
  }

  /**
   * Gemini takes its way of signing in and its retries from a file alone. Not rewritten when it is
   * there: the CLI keeps its own state in it.
   */
  static void prepareHome(Cli cli, Path home) throws IOException {
    if (cli.dialect() == CliDialect.GEMINI) {
      var settings = home.resolve(".gemini").resolve("settings.json");
      if (!Files.exists(settings)) {
        Files.createDirectories(settings.getParent());
        Files.writeString(settings, GEMINI_SETTINGS);
      }
    }
  }

  private static final String GEMINI_SETTINGS =
      """
      {
        "security": {"auth": {"selectedType": "gemini-api-key"}},
        "telemetry": {"enabled": false},
        "privacy": {"usageStatisticsEnabled": false},
        "general": {"enableAutoUpdate": false, "maxAttempts": 1}
      }
      """;
}
