package dev.turnout.settings;

import dev.turnout.settings.BackendSettings.ApiDialect;
import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.settings.BackendSettings.OutputFields;
import dev.turnout.settings.BackendSettings.OutputFormat;
import dev.turnout.settings.BackendSettings.PromptChannel;
import dev.turnout.settings.BackendSettings.TimeLimits;
import dev.turnout.turn.BackendId;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one backend, on top of the preset of its kind. */
final class BackendReader {
  private static final Map<String, CliDialect> CLIS =
      Map.of(
          "acp", CliDialect.ACP,
          "command", CliDialect.COMMAND,
          "claude", CliDialect.CLAUDE,
          "codex", CliDialect.CODEX,
          "gemini", CliDialect.GEMINI,
          "demo", CliDialect.DEMO);

  private static final Map<String, ApiDialect> APIS =
      Map.of("anthropic", ApiDialect.ANTHROPIC, "openai", ApiDialect.OPENAI);

  private final Violations violations;

  BackendReader(Violations violations) {
    this.violations = violations;
  }

  Optional<BackendSettings> read(BackendId id, BackendConfig backend) {
    var key = "backends." + id;
    var limits = limits(key + ".limits", backend.limits());
    violations.atLeast(key + ".max-output-bytes", backend.maxOutputBytes(), 1);
    violations.atLeast(key + ".max-history-bytes", backend.maxHistoryBytes(), 0);
    violations.notNegative(key + ".grace", backend.grace());
    if (CLIS.containsKey(backend.kind())) {
      return Optional.of(cli(key, id, CLIS.get(backend.kind()), backend, limits));
    }
    if (APIS.containsKey(backend.kind())) {
      violations.atLeast(key + ".max-output-tokens", backend.maxOutputTokens(), 1);
      noCliSettings(key, backend);
      return Optional.of(
          new BackendSettings.Api(
              id,
              APIS.get(backend.kind()),
              backend.baseUrl().flatMap(url -> url(key + ".base-url", url)),
              backend.defaultModel(),
              backend.maxOutputTokens(),
              backend.maxOutputBytes(),
              limits,
              backend.maxHistoryBytes()));
    }
    violations.add(
        key + ".kind",
        backend.kind(),
        "one of [acp, anthropic, claude, codex, command, demo, gemini, openai]");
    return Optional.empty();
  }

  /** The backend that is there without being configured. */
  BackendSettings demo(BackendId id) {
    var preset = CliPresets.of(CliDialect.DEMO);
    return new BackendSettings.Cli(
        id,
        CliDialect.DEMO,
        preset.command(),
        preset.args(),
        preset.newSessionArgs(),
        preset.resumeArgs(),
        preset.modelArgs(),
        Map.of(),
        preset.systemPromptArgs(),
        preset.prompt(),
        OutputFormat.JSONL,
        OutputFields.NONE,
        preset.environment(),
        List.of(),
        Optional.empty(),
        new TimeLimits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30)),
        33_554_432,
        Duration.ofSeconds(1),
        // Nobody has asked for it: let it hold little, and not for long.
        new LiveSettings(true, Duration.ofMinutes(2), Duration.ofHours(1), 200, 8),
        AgentTools.NONE,
        BackendSettings.MAX_HISTORY_BYTES);
  }

  private BackendSettings cli(
      String key, BackendId id, CliDialect dialect, BackendConfig backend, TimeLimits limits) {
    var preset = CliPresets.of(dialect);
    var command = backend.command().orElse(preset.command());
    if (command.isBlank()) {
      violations.add(key + ".command", "(absent)", "the program to run");
    }
    noApiSettings(key, dialect, backend);
    backend.environment().keySet().forEach(v -> violations.variable(key + ".environment", v));
    var args = new ArrayList<>(backend.args().orElse(preset.args()));
    args.addAll(backend.extraArgs().orElse(List.of()));
    var environment = new HashMap<>(preset.environment());
    environment.putAll(backend.environment());
    var prompt =
        backend.prompt().flatMap(p -> violations.oneOf(key + ".prompt", p, PromptChannel.class));
    boolean hasPlace = args.stream().anyMatch(argument -> argument.contains("{prompt}"));
    if (prompt.equals(Optional.of(PromptChannel.ARGUMENT)) && !hasPlace) {
      violations.add(key + ".prompt", "argument", "{prompt} in one of the args");
    }
    var output =
        backend.output().flatMap(o -> violations.oneOf(key + ".output", o, OutputFormat.class));
    var live = new LiveReader(violations).read(key + ".live", dialect, backend);
    return new BackendSettings.Cli(
        id,
        dialect,
        command,
        args,
        backend.newSessionArgs().orElse(preset.newSessionArgs()),
        backend.resumeArgs().orElse(preset.resumeArgs()),
        backend.modelArgs().orElse(preset.modelArgs()),
        backend.modelAliases(),
        backend.systemPromptArgs().orElse(preset.systemPromptArgs()),
        prompt.orElse(preset.prompt()),
        output.orElse(OutputFormat.TEXT),
        fields(backend.fields()),
        environment,
        backend.passEnvironment().orElse(List.of()),
        backend.home().flatMap(path -> violations.path(key + ".home", path)),
        limits,
        backend.maxOutputBytes(),
        backend.grace(),
        live,
        new ToolsReader(violations).read(key, dialect, backend, live.enabled()),
        backend.maxHistoryBytes());
  }

  private void noCliSettings(String key, BackendConfig backend) {
    var why = "kind " + backend.kind() + " is a model API";
    Map.ofEntries(
            Map.entry("command", backend.command().isPresent()),
            Map.entry("args", backend.args().isPresent()),
            Map.entry("extra-args", backend.extraArgs().isPresent()),
            Map.entry("new-session-args", backend.newSessionArgs().isPresent()),
            Map.entry("resume-args", backend.resumeArgs().isPresent()),
            Map.entry("model-args", backend.modelArgs().isPresent()),
            Map.entry("model-aliases", !backend.modelAliases().isEmpty()),
            Map.entry("system-prompt-args", backend.systemPromptArgs().isPresent()),
            Map.entry("prompt", backend.prompt().isPresent()),
            Map.entry("output", backend.output().isPresent()),
            Map.entry("fields", !fields(backend.fields()).equals(OutputFields.NONE)),
            Map.entry("environment", !backend.environment().isEmpty()),
            Map.entry("pass-environment", backend.passEnvironment().isPresent()),
            Map.entry("home", backend.home().isPresent()),
            Map.entry("live.enabled", backend.live().enabled().isPresent()),
            Map.entry("mcp.enabled", backend.mcp().enabled()),
            Map.entry("mcp-servers", !backend.mcpServers().isEmpty()),
            Map.entry("tools.allow", backend.tools().allow().isPresent()),
            Map.entry("tools.ask", backend.tools().ask().isPresent()),
            Map.entry("tools.deny", backend.tools().deny().isPresent()))
        .forEach((name, present) -> violations.mustBeAbsent(key + "." + name, present, why));
  }

  private void noApiSettings(String key, CliDialect dialect, BackendConfig backend) {
    var why = "kind " + backend.kind() + " is a CLI";
    violations.mustBeAbsent(key + ".base-url", backend.baseUrl().isPresent(), why);
    violations.mustBeAbsent(key + ".default-model", backend.defaultModel().isPresent(), why);
    if (dialect == CliDialect.ACP) {
      var spoken = "the protocol says it";
      violations.mustBeAbsent(key + ".prompt", backend.prompt().isPresent(), spoken);
      violations.mustBeAbsent(
          key + ".new-session-args", backend.newSessionArgs().isPresent(), spoken);
      violations.mustBeAbsent(key + ".resume-args", backend.resumeArgs().isPresent(), spoken);
    }
    if (dialect != CliDialect.COMMAND) {
      var known = "Turnout knows how kind " + backend.kind() + " answers";
      violations.mustBeAbsent(key + ".output", backend.output().isPresent(), known);
      violations.mustBeAbsent(
          key + ".fields", !fields(backend.fields()).equals(OutputFields.NONE), known);
    }
  }

  private static OutputFields fields(BackendConfig.Fields fields) {
    return new OutputFields(
        fields.text(),
        fields.delta(),
        fields.sessionId(),
        fields.error(),
        fields.inputTokens(),
        fields.outputTokens());
  }

  private TimeLimits limits(String key, BackendConfig.Limits limits) {
    violations.positive(key + ".connect", limits.connect());
    violations.positive(key + ".first-output", limits.firstOutput());
    violations.positive(key + ".idle", limits.idle());
    violations.positive(key + ".total", limits.total());
    return new TimeLimits(limits.connect(), limits.firstOutput(), limits.idle(), limits.total());
  }

  private Optional<URI> url(String key, String text) {
    var url = Urls.of(text);
    if (url.isPresent()) {
      return url;
    }
    violations.add(key, text, "an http or https URL");
    return Optional.empty();
  }
}
