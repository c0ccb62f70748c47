package dev.turnout.backend.cli;

import dev.turnout.authprofile.Credential;
import dev.turnout.backend.AttemptRequest;
import dev.turnout.livesession.Fingerprint;
import dev.turnout.settings.BackendSettings.Cli;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All that a process keeps from its start, by which it serves turns that it was not made for. */
final class ProcessFingerprint {
  private final CliPreparation preparation;

  /** The settings as a process that lives has them. */
  private final Cli cli;

  ProcessFingerprint(CliPreparation preparation, Cli cli) {
    this.preparation = preparation;
    this.cli = cli;
  }

  /** Of a process that works here. */
  Fingerprint of(
      AttemptRequest request, Optional<Credential> credential, Path workspace, Path home) {
    var parts = parts(request, credential);
    parts.put("workspace", workspace.toString());
    parts.put("home", home.toString());
    return Fingerprint.of(parts);
  }

  /** Of one that is to be started ahead: what would be a session's own is not known yet. */
  Fingerprint ahead(AttemptRequest request, Optional<Credential> credential) {
    var parts = parts(request, credential);
    parts.put("workspace", request.workspace().map(Path::toString).orElse(""));
    parts.put("home", cli.home().map(Path::toString).orElse(""));
    return Fingerprint.of(parts);
  }

  private Map<String, String> parts(AttemptRequest request, Optional<Credential> credential) {
    var arguments =
        List.of(
            cli.args(),
            cli.newSessionArgs(),
            cli.resumeArgs(),
            cli.modelArgs(),
            cli.modelAliases(),
            cli.systemPromptArgs());
    var parts = new HashMap<String, String>();
    parts.put("command", cli.command());
    parts.put("arguments", Fingerprint.digest(arguments.toString()));
    parts.put("model", request.candidate().model().orElse(""));
    parts.put("auth_profile", request.candidate().authProfile().map(Object::toString).orElse(""));
    parts.put("system_prompt", Fingerprint.digest(request.systemPrompt().orElse("")));
    parts.put("tools", Fingerprint.digest(preparation.tools(cli)));
    // HOME is a part of its own.
    var environment =
        new TreeMap<>(preparation.environment(cli, cli.home().orElse(Path.of("")), credential));
    parts.put("environment", Fingerprint.digest(environment.toString()));
    return parts;
  }
}
