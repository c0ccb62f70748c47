package dev.turnout.backend.cli;

import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.cli.SessionDirectories.ProcessDirectory;
import dev.turnout.livesession.ResourceKind;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.turn.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a CLI is started with. Placeholders are filled in within one argument and no shell reads
 * them, so that no text of a caller can become an option or a command.
 */
record CommandLine(List<String> argv, String stdin, String session) {
  /**
   * Linux refuses a single argument of 128 KiB or more (MAX_ARG_STRLEN), its NUL included; such a
   * prompt goes through stdin.
   */
  static final int MAX_ARGUMENT_BYTES = 128 * 1024 - 1;

  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\{(prompt|model|session|system_prompt|system_prompt_file|workspace)}");

  /**
   * The command line of one attempt.
   *
   * @param last arguments after all others, taken as they are
   */
  static CommandLine of(
      Cli cli,
      AttemptRequest request,
      Path workspace,
      ProcessDirectory directory,
      List<String> last)
      throws IOException {
    boolean resumes = request.resume().isPresent() && !cli.resumeArgs().isEmpty();
    var session =
        request.resume().filter(_ -> resumes).orElseGet(() -> UUID.randomUUID().toString());
    noOption("session id", session);
    var templates = new ArrayList<>(cli.args());
    templates.addAll(resumes ? cli.resumeArgs() : cli.newSessionArgs());
    var values = new HashMap<String, String>();
    values.put("session", session);
    values.put("workspace", workspace.toString());
    var model = request.candidate().model();
    if (model.isPresent()) {
      noOption("model", model.get());
      templates.addAll(cli.modelArgs());
      values.put("model", cli.modelAliases().getOrDefault(model.get(), model.get()));
    }
    var system = request.systemPrompt();
    if (system.isPresent() && !cli.systemPromptArgs().isEmpty()) {
      templates.addAll(cli.systemPromptArgs());
      values.put("system_prompt", Dialects.systemPromptArgument(cli, system.get()));
      if (cli.systemPromptArgs().stream().anyMatch(arg -> arg.contains("{system_prompt_file}"))) {
        var file = directory.file(ResourceKind.PROMPT_FILE, "system-prompt.txt", system.get());
        values.put("system_prompt_file", file.toString());
      }
    }
    var prompt = prompt(cli, request);
    boolean asArgument = asArgument(cli, templates, prompt);
    values.put("prompt", asArgument ? InertText.asArgument(prompt, templates) : prompt);
    var argv = new ArrayList<String>();
    argv.add(cli.command());
    for (var template : templates) {
      // On stdin the placeholder's own argument goes away: an empty one would be an empty prompt.
      if (asArgument || !template.equals("{prompt}")) {
        argv.add(fill(template, values));
      }
    }
    argv.addAll(last);
    var stdin = asArgument ? "" : prompt;
    return new CommandLine(argv, stdin, session);
  }

  /**
   * Callers and backends choose these values, and some CLIs take whatever begins with a dash for an
   * option, even where they wait for the value of another one. They are refused where they come in;
   * this is the last door.
   */
  private static void noOption(String what, String value) throws IOException {
    if (value.startsWith("-") || value.indexOf('\0') >= 0) {
      throw new IOException("a " + what + " that begins with a dash is an option");
    }
  }

  /** What the CLI is told in this attempt, as text that it takes for nothing but text. */
  static String prompt(Cli cli, AttemptRequest request) {
    return InertText.of(cli.dialect(), plainPrompt(cli, request));
  }

  /** The same, before it is made inert. */
  static String plainPrompt(Cli cli, AttemptRequest request) {
    var unsaid = Dialects.systemPromptBeforePrompt(cli, request.systemPrompt()).orElse("");
    return prompt(unsaid, request.history(), request.prompt());
  }

  private static boolean asArgument(Cli cli, List<String> templates, String prompt) {
    boolean hasPlace = templates.stream().anyMatch(template -> template.contains("{prompt}"));
    return switch (cli.promptChannel()) {
      case STDIN -> false;
      case ARGUMENT -> true;
      // A prompt that begins with a dash would be read as an option.
      case AUTO ->
          hasPlace
              && !prompt.startsWith("-")
              && prompt.getBytes(StandardCharsets.UTF_8).length < MAX_ARGUMENT_BYTES;
    };
  }

  private static String fill(String template, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(template)
        .replaceAll(
            match -> Matcher.quoteReplacement(values.getOrDefault(match.group(1), match.group())));
  }

  /**
   * The prompt, after what the CLI cannot know: a system prompt that it has no argument for, and
   * the turns that it did not see.
   */
  private static String prompt(String system, List<Exchange> history, String prompt) {
    if (system.isEmpty() && history.isEmpty()) {
      return prompt;
    }
    var text = new StringBuilder();
    if (!system.isEmpty()) {
      text.append("<instructions>\n").append(system).append("\n</instructions>\n\n");
    }
    if (!history.isEmpty()) {
      text.append("<conversation_so_far>\n");
      for (var exchange : history) {
        text.append("<user>\n").append(exchange.input()).append("\n</user>\n");
        text.append("<assistant>\n").append(exchange.answer()).append("\n</assistant>\n");
      }
      text.append("</conversation_so_far>\n\n");
    }
    return text.append(prompt).toString();
  }
}
