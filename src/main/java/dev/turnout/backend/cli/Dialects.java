package dev.turnout.backend.cli;

import dev.turnout.authprofile.Credential;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.settings.BackendSettings.CliDialect;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What differs between the CLIs beyond their arguments: how they talk, and what each needs beside
 * its preset.
 */
final class Dialects {
  private Dialects() {}

  /**
   * A reader for one attempt.
   *
   * @param resumed the CLI's own id of the conversation that it is told to resume
   */
  static OutputReader reader(Cli cli, Optional<String> resumed) {
    return switch (cli.dialect()) {
      case COMMAND ->
          switch (cli.output()) {
            case TEXT -> new TextReader();
            case JSON -> new JsonReader(cli.fields(), true);
            case JSONL -> new JsonReader(cli.fields(), false);
          };
      case ACP -> new AcpReader(AcpAgent.of(cli), resumed);
      case CLAUDE -> new ClaudeReader();
      case CODEX -> new CodexReader(resumed);
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
      // It says so in its protocol.
      case ACP -> false;
      case DEMO -> text.contains("no conversation with id");
      case COMMAND ->
          text.matches("(?s).*(session|conversation)[^\\n]*(not found|unknown|does not exist).*");
    };
  }

  /**
   * Makes the private HOME of a session what this CLI needs; never an operator's own.
   *
   * @param mcpServers those that it reads from there, in its own words
   */
  static void prepareHome(
      Cli cli, Path home, Optional<String> systemPrompt, Map<String, Object> mcpServers)
      throws IOException {
    if (cli.dialect() == CliDialect.GEMINI) {
      GeminiHome.prepare(home, cli.environment(), unlessArgument(cli, systemPrompt), mcpServers);
    }
  }

  /**
   * Whether its output shows that the model has begun, even when it thinks long before it speaks.
   * Where it does not, silence after the greeting may be thought, and the idle limit measures it.
   */
  static boolean showsTheModelsBeginning(Cli cli) {
    return cli.dialect() == CliDialect.CLAUDE;
  }

  /** Variables that follow from the settings, unless they set them. */
  static Map<String, String> environment(Cli cli) {
    if (cli.dialect() != CliDialect.CLAUDE) {
      return Map.of();
    }
    // Its own clocks begin after ours and so never run out first, unless it asks more than once;
    // without them a silent server is waited for for an hour, however short our limits are.
    var limits = cli.limits();
    var firstByte =
        limits.firstOutput().compareTo(limits.idle()) > 0 ? limits.firstOutput() : limits.idle();
    return Map.of(
        "API_TIMEOUT_MS", millis(firstByte),
        "CLAUDE_ENABLE_BYTE_WATCHDOG", "1",
        "CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS", millis(limits.idle()));
  }

  /** What is longer than its timers can be set to, 24 days, is for ever. */
  private static String millis(Duration time) {
    return Long.toString(Math.min(time.toMillis(), Integer.MAX_VALUE));
  }

  /** Arguments that depend on the attempt's credential. */
  static List<String> arguments(Cli cli, Optional<Credential> credential) throws IOException {
    return cli.dialect() == CliDialect.CODEX ? CodexProvider.arguments(cli, credential) : List.of();
  }

  /** The system prompt as it stands in an argument of this CLI. */
  static String systemPromptArgument(Cli cli, String systemPrompt) {
    return cli.dialect() == CliDialect.CODEX ? CodexProvider.toml(systemPrompt) : systemPrompt;
  }

  /**
   * The system prompt when the CLI is told of it in no other way than before the prompt: it has no
   * argument for it, and its HOME is not ours to write it to.
   */
  static Optional<String> systemPromptBeforePrompt(Cli cli, Optional<String> systemPrompt) {
    boolean inHome = cli.dialect() == CliDialect.GEMINI && cli.home().isEmpty();
    return inHome ? Optional.empty() : unlessArgument(cli, systemPrompt);
  }

  private static Optional<String> unlessArgument(Cli cli, Optional<String> systemPrompt) {
    return systemPrompt.filter(_ -> cli.systemPromptArgs().isEmpty());
  }
}
