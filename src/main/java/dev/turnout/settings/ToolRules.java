package dev.turnout.settings;

import dev.turnout.settings.AgentTools.Decision;
import dev.turnout.settings.AgentTools.Policy;
import dev.turnout.settings.BackendSettings.Cli;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What one agent's settings say of its tools, in place of what its backends' say. What is absent
 * stays as the backend has it.
 */
public record ToolRules(
    Optional<List<String>> allow,
    Optional<List<String>> ask,
    Optional<List<String>> deny,
    Optional<Decision> otherwise,
    Optional<Duration> answerWithin) {
  /** Nothing: each backend's own count. */
  public static final ToolRules NONE =
      new ToolRules(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public ToolRules {
    allow = allow.map(List::copyOf);
    ask = ask.map(List::copyOf);
    deny = deny.map(List::copyOf);
  }

  /** The backend as this agent has it. */
  public BackendSettings over(BackendSettings backend) {
    return switch (backend) {
      case Cli cli when !equals(NONE) -> cli.with(cli.tools().with(over(cli.tools().policy())));
      case Cli cli -> cli;
      case BackendSettings.Api api -> api;
    };
  }

  private Policy over(Policy policy) {
    return new Policy(
        allow.orElse(policy.allow()),
        ask.orElse(policy.ask()),
        deny.orElse(policy.deny()),
        otherwise.orElse(policy.otherwise()),
        answerWithin.orElse(policy.answerWithin()));
  }
}
