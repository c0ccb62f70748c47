package dev.turnout.backend.cli;

import dev.turnout.settings.BackendSettings.CliDialect;
import java.util.regex.Pattern;

/**
 * Makes a remote person's text mere text to a CLI: neither a command of the CLI nor a mention that
 * reads a file for the model. Where the CLI has a switch, its preset sets it; this is for what no
 * switch turns off. The model can read all of it as it was meant.
 *
 * <ul>
 *   <li>Claude Code answers a leading {@code /help} itself, even with slash commands disabled.
 *   <li>Gemini CLI clears the conversation at a leading {@code /clear}, leaves messages that begin
 *       with {@code /} or {@code ?} out of what it resumes, and puts the file of any {@code @path},
 *       even within {@code me@example.org}, before the model; its escape is a backslash.
 *   <li>Codex takes all of these as text.
 * </ul>
 */
final class InertText {
  /** A first line of ours, after which no CLI looks for a command. */
  private static final String HEADER = "Message:\n";

  /** The CLI's own rule: an @ after a backslash is none. */
  private static final Pattern BARE_AT = Pattern.compile("(?<!\\\\)@");

  private InertText() {}

  static String of(CliDialect dialect, String prompt) {
    return switch (dialect) {
      case CLAUDE -> beginsWith("/", prompt) ? HEADER + prompt : prompt;
      case GEMINI -> {
        var escaped = BARE_AT.matcher(prompt).replaceAll("\\\\@");
        yield beginsWith("/", escaped) || beginsWith("?", escaped) ? HEADER + escaped : escaped;
      }
      case CODEX, COMMAND, DEMO -> prompt;
    };
  }

  private static boolean beginsWith(String sign, String prompt) {
    return prompt.stripLeading().startsWith(sign);
  }
}
