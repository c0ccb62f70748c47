package dev.turnout.backend.cli;

import dev.turnout.livesession.LiveGreeting;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.settings.BackendSettings.CliDialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The dialects that a process which lives on can be spoken to in.
 *
 * @param more arguments beside those of a single turn
 * @param greetings a new one for each process
 * @param turns new ones for each turn
 */
record LiveDialect(
    List<String> more, Supplier<LiveGreeting> greetings, Function<Cli, LiveLines> turns) {
  private static final LiveDialect CLAUDE =
      new LiveDialect(
          ClaudeLines.ARGUMENTS, ClaudeLines::greeting, cli -> new ClaudeLines(cli.tools()));
  private static final LiveDialect DEMO =
      new LiveDialect(DemoLines.ARGUMENTS, DemoLines::greeting, _ -> new DemoLines());

  /** The one that this CLI speaks, if it can live at all. */
  static Optional<LiveDialect> of(Cli cli) {
    return switch (cli.dialect()) {
      case CLAUDE -> Optional.of(CLAUDE);
      case DEMO -> Optional.of(DEMO);
      case COMMAND, CODEX, GEMINI -> Optional.empty();
    };
  }

  /** The arguments of a process that lives, from those of one that does not. */
  List<String> arguments(Cli cli) {
    var all = new ArrayList<>(cli.args());
    all.addAll(more);
    if (cli.dialect() == CliDialect.CLAUDE && cli.tools().policy().isAsked()) {
      all.addAll(ClaudeTools.ASKS_US);
    }
    return all;
  }

  LiveGreeting greeting() {
    return greetings.get();
  }

  LiveLines lines(Cli cli) {
    return turns.apply(cli);
  }
}
