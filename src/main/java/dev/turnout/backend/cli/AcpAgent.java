package dev.turnout.backend.cli;

import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.settings.BackendSettings.CliDialect;
import java.util.Locale;

/** The agents whose ways to tell of a failure are known, by the command that starts them. */
enum AcpAgent {
  GEMINI("gemini"),
  CLAUDE("claude"),
  CODEX("codex"),
  COPILOT("command"),
  OTHER("command");

  /** By which name rules on failures know its words. */
  final String cli;

  AcpAgent(String cli) {
    this.cli = cli;
  }

  static AcpAgent of(Cli cli) {
    if (cli.dialect() == CliDialect.GEMINI) {
      return GEMINI;
    }
    // A wrapper such as npx names the agent in an argument.
    var words = (cli.command() + " " + String.join(" ", cli.args())).toLowerCase(Locale.ROOT);
    if (words.contains("claude-agent-acp") || words.contains("claude-code-acp")) {
      return CLAUDE;
    } else if (words.contains("codex-acp")) {
      return CODEX;
    } else if (words.contains("copilot")) {
      return COPILOT;
    }
    return words.contains("gemini") ? GEMINI : OTHER;
  }
}
