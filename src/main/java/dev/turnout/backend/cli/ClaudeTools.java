package dev.turnout.backend.cli;

import dev.turnout.settings.AgentTools;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which tools Claude Code may use, as its arguments. */
final class ClaudeTools {
  /** How a living process is told to ask us about every tool that no argument decides. */
  static final List<String> ASKS_US = List.of("--permission-prompt-tool", "stdio");

  private ClaudeTools() {}

  static List<String> arguments(AgentTools tools) {
    var policy = tools.policy();
    // Whoever named a server wants it used; what is denied is denied all the same.
    var servers = tools.serverNames().stream().map(name -> "mcp__" + name);
    var allowed = Stream.concat(servers, policy.allow().stream()).distinct().toList();
    var arguments = new ArrayList<String>();
    add(arguments, "--allowedTools", allowed);
    add(arguments, "--disallowedTools", policy.deny());
    if (!policy.ask().isEmpty()) {
      // Else it would use by itself what it takes for harmless, such as reading.
      var rules = Map.of("permissions", Map.of("ask", policy.ask()));
      arguments.addAll(List.of("--settings", JsonLine.of(rules).strip()));
    }
    return arguments;
  }

  private static void add(List<String> arguments, String option, List<String> names) {
    if (!names.isEmpty()) {
      arguments.add(option);
      arguments.addAll(names);
    }
  }
}
