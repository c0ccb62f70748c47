package dev.turnout.backend.cli;

import dev.turnout.livesession.LiveGreeting;
import dev.turnout.settings.BackendSettings.Cli;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The dialects that a process which lives on can be spoken to in.
 *
 * @param more arguments beside those of a single turn
 * @param greetings a new one for each process
 * @param turns new ones for each turn
 */
record LiveDialect(List<String> more, Supplier<LiveGreeting> greetings, Supplier<LiveLines> turns) {
  private static final LiveDialect CLAUDE =
      new LiveDialect(ClaudeLines.ARGUMENTS, ClaudeLines::greeting, ClaudeLines::new);
  private static final LiveDialect DEMO =
      new LiveDialect(DemoLines.ARGUMENTS, DemoLines::greeting, DemoLines::new);

  /** The one that this CLI speaks, if it can live at all. */
  static Optional<LiveDialect> of(Cli cli) {
    return switch (cli.dialect()) {
      case CLAUDE -> Optional.of(CLAUDE);
      case DEMO -> Optional.of(DEMO);
      case COMMAND, CODEX, GEMINI -> Optional.empty();
    };
  }

  /** The arguments of a process that lives, from those of one that does not. */
  List<String> arguments(List<String> args) {
    var all = new ArrayList<>(args);
    all.addAll(more);
    return all;
  }

  LiveGreeting greeting() {
    return greetings.get();
  }

  LiveLines lines() {
    return turns.get();
  }
}
