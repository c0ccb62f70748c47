package dev.turnout.backend.cli;

import dev.turnout.authprofile.Credential;
import dev.turnout.settings.BackendSettings.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The arguments by which Codex uses this attempt's credential and base URL, and asks once. Its
 * built-in provider cannot be told not to retry, and reads no credential from the environment that
 * the rest of its installation would not read too; a provider of our own, named on the command
 * line, can, and leaves no file behind that a later attempt would find stale.
 */
final class CodexProvider {
  /** The variable by which the other clients of this API are pointed elsewhere. */
  static final String BASE_URL = "OPENAI_BASE_URL";

  private static final Pattern CONFIGURED =
      Pattern.compile("^\\s*model_provider\\s*=", Pattern.MULTILINE);

  private CodexProvider() {}

  /** None when the operator names a provider, in the arguments or in the HOME that is theirs. */
  static List<String> arguments(Cli cli, Optional<Credential> credential) throws IOException {
    if (isNamed(cli)) {
      return List.of();
    }
    var baseUrl = Optional.ofNullable(cli.environment().get(BASE_URL));
    var fields = new ArrayList<String>();
    // Its name switches on what only the provider's own service can do.
    fields.add("name=" + toml(baseUrl.isPresent() ? "Turnout" : "OpenAI"));
    fields.add("wire_api=\"responses\"");
    fields.add("request_max_retries=0");
    fields.add("stream_max_retries=0");
    fields.add("stream_idle_timeout_ms=" + cli.limits().idle().toMillis());
    // Without a credential of ours it uses what its HOME is logged in to.
    fields.add(
        credential
            .map(secret -> "env_key=" + toml(secret.variable()))
            .orElse("requires_openai_auth=true"));
    baseUrl.ifPresent(url -> fields.add("base_url=" + toml(url)));
    var arguments = new ArrayList<String>();
    arguments.addAll(List.of("-c", "model_provider=\"turnout\""));
    arguments.addAll(List.of("-c", "model_providers.turnout={" + String.join(",", fields) + "}"));
    // The commands that a model runs would inherit it.
    credential.ifPresent(
        secret ->
            arguments.addAll(
                List.of(
                    "-c", "shell_environment_policy.exclude=[" + toml(secret.variable()) + "]")));
    return arguments;
  }

  private static boolean isNamed(Cli cli) throws IOException {
    if (cli.args().stream().anyMatch(argument -> CONFIGURED.matcher(argument).find())) {
      return true;
    }
    var config = cli.home().map(home -> home.resolve(".codex").resolve("config.toml"));
    return config.isPresent() && Files.exists(config.get()) && namesProvider(config.get());
  }

  private static boolean namesProvider(Path config) throws IOException {
    return CONFIGURED.matcher(Files.readString(config)).find();
  }

  /** As a TOML string, which is how a value on its command line is read. */
  static String toml(String text) {
    var quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
              } else if (c < 0x20 || c == 0x7f) {
                quoted.append("\\u%04X".formatted(c));
              } else {
                quoted.append((char) c);
              }
            });
    return quoted.append('"').toString();
  }
}
