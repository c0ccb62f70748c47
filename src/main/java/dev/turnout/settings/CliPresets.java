package dev.turnout.settings;

import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.settings.BackendSettings.PromptChannel;
import java.util.List;
import java.util.Map;

/**
 * What Turnout knows of the CLIs that it speaks to by name: which arguments make them answer one
 * turn as lines of JSON, keep quiet towards the rest of the world, try once, and take a remote
 * person's text as text.
 */
record CliPresets(
    String command,
    List<String> args,
    List<String> newSessionArgs,
    List<String> resumeArgs,
    List<String> modelArgs,
    List<String> systemPromptArgs,
    PromptChannel prompt,
    Map<String, String> environment) {

  private static final CliPresets COMMAND =
      new CliPresets(
          "", List.of(), List.of(), List.of(), List.of(), List.of(), PromptChannel.AUTO, Map.of());

  private static final CliPresets ACP =
      new CliPresets(
          "", List.of(), List.of(), List.of(), List.of(), List.of(), PromptChannel.STDIN, Map.of());

  private static final CliPresets DEMO =
      new CliPresets(
          "demo",
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          PromptChannel.STDIN,
          Map.of());

  private static final CliPresets CLAUDE =
      new CliPresets(
          "claude",
          List.of(
              "-p",
              "--output-format",
              "stream-json",
              "--verbose",
              "--include-partial-messages",
              // Nothing of the workspace's or the user's settings, hooks and MCP servers applies by
              // itself.
              "--setting-sources",
              "",
              "--strict-mcp-config",
              // "/clear" from a remote person would wipe the session. The CLI then answers such a
              // message itself: see InertText.
              "--disable-slash-commands"),
          List.of("--session-id", "{session}"),
          List.of("--resume", "{session}"),
          List.of("--model", "{model}"),
          // A changed prompt counts on a resume only with the snapshot off.
          List.of("--append-system-prompt", "{system_prompt}", "--system-prompt-snapshot", "off"),
          PromptChannel.STDIN,
          Map.of(
              "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1",
              "CLAUDE_CODE_MAX_RETRIES", "0",
              // A broken stream would be asked for again as a whole, and paid twice.
              "CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK", "1",
              // Six requests for one 400 otherwise.
              "CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS", "1",
              // "@/etc/passwd" from a remote person would be read and sent to the model.
              "CLAUDE_CODE_DISABLE_FILE_MENTIONS", "1",
              "ENABLE_TOOL_SEARCH", "false",
              "MCP_TIMEOUT", "5000"));

  private static final CliPresets CODEX =
      new CliPresets(
          "codex",
          List.of(
              "exec",
              "--json",
              "--skip-git-repo-check",
              // Plugins ask hosts of their own; apps act with the connectors of the account; a
              // refused connection is else tried for ever.
              "--disable",
              "plugins",
              "--disable",
              "apps",
              "--disable",
              "unbounded_connection_retries",
              "-c",
              "analytics.enabled=false",
              "-c",
              "check_for_update_on_startup=false",
              "-c",
              "approval_policy=\"never\"",
              // "$skill-creator" from a remote person would put that skill before the model.
              "-c",
              "skills.bundled.enabled=false",
              // The commands of the model see no variable that is named like a secret.
              "-c",
              "shell_environment_policy.ignore_default_excludes=false"),
          List.of("-"),
          List.of("resume", "{session}", "-"),
          List.of("-m", "{model}"),
          // Counts in the first turn; the thread keeps it.
          List.of("-c", "developer_instructions={system_prompt}"),
          PromptChannel.STDIN,
          Map.of());

  private static final CliPresets GEMINI =
      new CliPresets(
          "gemini",
          List.of("-o", "stream-json", "--skip-trust"),
          List.of("--session-id", "{session}"),
          List.of("--resume", "{session}"),
          List.of("-m", "{model}"),
          List.of(),
          PromptChannel.STDIN,
          // Else it is two processes, and the one that we started ignores SIGTERM.
          Map.of("GEMINI_CLI_NO_RELAUNCH", "true"));

  static CliPresets of(CliDialect dialect) {
    return switch (dialect) {
      case COMMAND -> COMMAND;
      case ACP -> ACP;
      case CLAUDE -> CLAUDE;
      case CODEX -> CODEX;
      case GEMINI -> GEMINI;
      case DEMO -> DEMO;
    };
  }
}
