package dev.turnout.backend.cli;

import dev.turnout.settings.BackendSettings.CliDialect;
import java.util.List;
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
 *   <li>Agents that speak ACP take a leading {@code /} for a command, Gemini CLI a leading {@code
 *       $} too; what others look for at the beginning is a guess, and the header harms nothing.
 * </ul>
 */
final class InertText {
  /** A first line of ours, after which no CLI looks for a command. */
  private static final String HEADER = "Message:\n";

  /** The CLI's own rule: an @ after a backslash is none. */
  private static final Pattern BARE_AT = Pattern.compile("(?<!\\\\)@");

  private static final List<String> ACP_SIGNS = List.of("/", "$", "!", "#", "?", "@");

  private InertText() {}

  static String of(CliDialect dialect, String prompt) {
    return switch (dialect) {
      case CLAUDE -> beginsWith("/", prompt) ? HEADER + prompt : prompt;
      case GEMINI -> {
        var escaped = BARE_AT.matcher(prompt).replaceAll("\\\\@");
        yield beginsWith("/", escaped) || beginsWith("?", escaped) ? HEADER + escaped : escaped;
      }
      case ACP -> ofAcp(prompt);
      case CODEX, COMMAND, DEMO -> prompt;
    };
  }

  /**
   * For a CLI that gets it as an argument of its own: what begins with a dash would be an option,
   * unless the operator has put {@code --} before it.
   */
  static String asArgument(String prompt, List<String> templates) {
    int at = templates.indexOf("{prompt}");
    boolean isOption = at >= 0 && prompt.startsWith("-");
    return isOption && !templates.subList(0, at).contains("--") ? HEADER + prompt : prompt;
  }

  /** For an agent that is spoken to in ACP, whatever its dialect is otherwise. */
  static String ofAcp(String prompt) {
    return ACP_SIGNS.stream().anyMatch(sign -> beginsWith(sign, prompt)) ? HEADER + prompt : prompt;
  }

  /**
   * Whether this sign comes first, behind what nobody sees. Which characters a CLI passes over is a
   * matter of its language (JavaScript's {@code trim} takes a byte order mark and no-break spaces,
   * which Java's leaves; Go's and Rust's a next-line control), so all that show nothing count.
   */
  private static boolean beginsWith(String sign, String prompt) {
    int at = 0;
    while (at < prompt.length() && isUnseen(prompt.codePointAt(at))) {
      at += Character.charCount(prompt.codePointAt(at));
    }
    return prompt.startsWith(sign, at);
  }

  private static boolean isUnseen(int character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || Character.isISOControl(character)
        || Character.getType(character) == Character.FORMAT;
  }
}
