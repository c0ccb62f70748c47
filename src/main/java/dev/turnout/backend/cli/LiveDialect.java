package dev.turnout.backend.cli;

import dev.turnout.backend.AttemptRequest;
import dev.turnout.settings.BackendSettings.Cli;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The dialects that a process which lives on can be spoken to in.
 *
 * @param living the settings of a process that lives, from those of one that does not
 * @param opening what is new for each turn
 * @param inert makes a prompt mere text; its dialect's own way when empty
 * @param resumesByWord whether a conversation is resumed in the protocol, and not by an argument
 */
record LiveDialect(
    UnaryOperator<Cli> living,
    Opening opening,
    Optional<UnaryOperator<String>> inert,
    boolean resumesByWord) {
  private static final LiveDialect CLAUDE =
      inArguments(LiveDialect::claude, LiveDialect::claudeSpeech);
  private static final LiveDialect DEMO =
      inArguments(
          _ -> DemoLines.ARGUMENTS, (_, _, _, _) -> new Speech(new DemoLines(), new DemoReader()));
  private static final LiveDialect ACP =
      inProtocol(cli -> cli.inProtocol(cli.args(), cli.modelArgs()), LiveDialect::acp);
  private static final LiveDialect GEMINI =
      inProtocol(
          cli ->
              cli.inProtocol(
                  changed(cli.args(), Set.of("-o", "--output-format"), Set.of(), "--acp"),
                  cli.modelArgs()),
          LiveDialect::acp);
  private static final LiveDialect CODEX =
      new LiveDialect(
          cli ->
              cli.inProtocol(
                  changed(
                      cli.args(),
                      Set.of(),
                      Set.of("exec", "--json", "--skip-git-repo-check"),
                      "app-server"),
                  List.of()),
          LiveDialect::codex,
          Optional.empty(),
          true);

  /** Makes what is new for each turn. */
  interface Opening {
    /**
     * For this turn.
     *
     * @param cli as {@link #living} made it
     * @param staysOpen whether the process lives on after the turn
     */
    Speech speech(Cli cli, AttemptRequest request, Path workspace, boolean staysOpen);
  }

  /** How a turn is spoken, and who reads what comes back. */
  record Speech(LiveLines lines, OutputReader reader) {}

  /** Whether an agent of this kind can be told more while it works. */
  static boolean canSteer(Cli cli) {
    return switch (cli.dialect()) {
      case CLAUDE, CODEX, DEMO -> true;
      case ACP, GEMINI, COMMAND -> false;
    };
  }

  /** The one that this CLI speaks, if it can live at all. */
  static Optional<LiveDialect> of(Cli cli) {
    return switch (cli.dialect()) {
      case ACP -> Optional.of(ACP);
      case CLAUDE -> Optional.of(CLAUDE);
      case CODEX -> Optional.of(CODEX);
      case DEMO -> Optional.of(DEMO);
      case GEMINI -> Optional.of(GEMINI);
      case COMMAND -> Optional.empty();
    };
  }

  /** A CLI whose process lives when it has more arguments, and speaks as in a single turn. */
  private static LiveDialect inArguments(Function<Cli, List<String>> more, Opening opening) {
    return new LiveDialect(
        cli -> {
          var all = new ArrayList<>(cli.args());
          all.addAll(more.apply(cli));
          return cli.onStdin(all);
        },
        opening,
        Optional.empty(),
        false);
  }

  private static LiveDialect inProtocol(UnaryOperator<Cli> living, Opening opening) {
    return new LiveDialect(living, opening, Optional.of(InertText::ofAcp), true);
  }

  private static List<String> claude(Cli cli) {
    var more = new ArrayList<>(ClaudeLines.ARGUMENTS);
    if (cli.tools().policy().isAsked()) {
      more.addAll(ClaudeTools.ASKS_US);
    }
    return more;
  }

  /** Arguments without those of single turns, and with the one that makes a process live. */
  private static List<String> changed(
      List<String> args, Set<String> withValue, Set<String> alone, String first) {
    var kept = new ArrayList<String>();
    kept.add(first);
    for (int i = 0; i < args.size(); i++) {
      if (withValue.contains(args.get(i))) {
        i++;
      } else if (!alone.contains(args.get(i)) && !args.get(i).equals(first)) {
        kept.add(args.get(i));
      }
    }
    return kept;
  }

  private static Speech claudeSpeech(
      Cli cli, AttemptRequest request, Path workspace, boolean staysOpen) {
    var reader = new ClaudeReader();
    return new Speech(new ClaudeLines(reader::refused), reader);
  }

  private static Speech acp(Cli cli, AttemptRequest request, Path workspace, boolean staysOpen) {
    var reader = new AcpReader(AcpAgent.of(cli), request.resume());
    var model = cli.modelArgs().isEmpty() ? model(cli, request) : Optional.<String>empty();
    var lines = new AcpLines(reader, request.resume(), workspace, model, staysOpen);
    return new Speech(lines, reader);
  }

  private static Speech codex(Cli cli, AttemptRequest request, Path workspace, boolean staysOpen) {
    var reader = new CodexThreadReader(request.resume());
    var lines =
        new CodexLines(
            reader,
            request.resume(),
            workspace,
            model(cli, request),
            cli.tools().policy().isWritten());
    return new Speech(lines, reader);
  }

  private static Optional<String> model(Cli cli, AttemptRequest request) {
    return request.candidate().model().map(model -> cli.modelAliases().getOrDefault(model, model));
  }

  /** What the CLI is told in this attempt, as text that it takes for nothing but text. */
  String prompt(Cli cli, AttemptRequest request) {
    return inert
        .map(way -> way.apply(CommandLine.plainPrompt(cli, request)))
        .orElseGet(() -> CommandLine.prompt(cli, request));
  }
}
