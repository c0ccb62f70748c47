package dev.turnout.settings;

import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.settings.BackendSettings.PromptChannel;
import java.util.Locale;

/** Reads whether and how the processes of a CLI live on. */
final class LiveReader {
  private final Violations violations;

  LiveReader(Violations violations) {
    this.violations = violations;
  }

  LiveSettings read(String key, CliDialect dialect, BackendConfig backend) {
    var live = backend.live();
    violations.positive(key + ".idle-close", live.idleClose());
    violations.positive(key + ".max-age", live.maxAge());
    violations.atLeast(key + ".max-turns", live.maxTurns(), 1);
    violations.atLeast(key + ".capacity", live.capacity(), 1);
    boolean asArgument =
        backend
            .prompt()
            .filter(p -> p.equals(PromptChannel.ARGUMENT.name().toLowerCase(Locale.ROOT)))
            .isPresent();
    // The demo agent shows what Turnout can do; the others wait to be asked for.
    boolean enabled = live.enabled().orElse(dialect == CliDialect.DEMO && !asArgument);
    if (enabled && !canLive(dialect)) {
      violations.add(
          key + ".enabled", "true", "false: kind " + backend.kind() + " cannot live between turns");
    }
    violations.mustBeAbsent(
        key + ".enabled", enabled && asArgument, "prompts in an argument need a new process each");
    checkWarm(key + ".warm", dialect, enabled, live);
    return new LiveSettings(
        enabled, live.idleClose(), live.maxAge(), live.maxTurns(), live.capacity(), live.warm());
  }

  private void checkWarm(String key, CliDialect dialect, boolean enabled, BackendConfig.Live live) {
    violations.atLeast(key, live.warm(), 0);
    if (live.warm() == 0) {
      return;
    }
    violations.mustBeAbsent(key, !enabled, "the processes of this backend do not live");
    violations.mustBeAbsent(
        key, !canWaitForASession(dialect), "this kind begins its conversation as it starts");
    if (live.warm() > live.capacity()) {
      violations.add(key, Integer.toString(live.warm()), "at most the capacity");
    }
  }

  /** Whether it is ready before anything is known of the conversation. */
  private static boolean canWaitForASession(CliDialect dialect) {
    return switch (dialect) {
      case CLAUDE, DEMO -> true;
      case ACP, CODEX, GEMINI, COMMAND -> false;
    };
  }

  private static boolean canLive(CliDialect dialect) {
    return switch (dialect) {
      case ACP, CLAUDE, CODEX, DEMO, GEMINI -> true;
      case COMMAND -> false;
    };
  }
}
