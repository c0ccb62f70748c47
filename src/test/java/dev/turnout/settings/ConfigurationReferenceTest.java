package dev.turnout.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.settings.ConfigSource.Setting;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** {@code docs/CONFIGURATION.md} says what the code says, and what it says is true. */
class ConfigurationReferenceTest {
  private static final Path REFERENCE = Path.of("docs/CONFIGURATION.md");
  private static final Path EXAMPLE = Path.of("docs/examples/turnout.yaml");
  private static final String BEGIN = "<!-- generated: begin -->\n";
  private static final String END = "<!-- generated: end -->\n";

  /** What has to be there so that one more setting makes a whole configuration. */
  private static final Map<String, String> GROUND =
      Map.of(
          "turnout.agents.NAME.chain[0].backend", "demo",
          "turnout.agents.NAME.context-overflow-chain[0].backend", "demo",
          "turnout.agents.NAME.content-policy-chain[0].backend", "demo",
          "turnout.auth-profiles.NAME.provider", "openai",
          "turnout.lanes.NAME.width", "1",
          "turnout.oidc.audience[0]", "turnout",
          "turnout.admin.tls-configuration", "admin");

  @Test
  void referenceIsWhatTheSourceSays() throws IOException {
    var text = Files.readString(REFERENCE);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    var fresh = text.substring(0, begin) + generated() + text.substring(end);
    if (Boolean.getBoolean("update-docs")) {
      Files.writeString(REFERENCE, fresh);
    }

    assertEquals(
        fresh,
        Files.readString(REFERENCE),
        "stale; mvn test -Dtest=ConfigurationReferenceTest -Dupdate-docs writes it anew");
  }

  @Test
  void exampleHolds() throws IOException {
    assertEquals(List.of(), ConfigurationCheck.fileViolations(EXAMPLE));
    assertEquals(List.of(), YamlSettings.violations(Files.readString(EXAMPLE)));
  }

  /** Tries the border of what each setting's comment allows: the last good value, the first bad. */
  @TestFactory
  Stream<DynamicTest> whatIsAllowedIsTrue() throws IOException {
    return ConfigSource.read().groups().values().stream()
        .flatMap(Collection::stream)
        .filter(setting -> setting.allowed().isPresent())
        .map(setting -> dynamicTest(setting.key(), () -> tryBorders(setting)));
  }

  private static void tryBorders(Setting setting) {
    var allowed = setting.allowed().orElseThrow();
    var number = Pattern.compile("(\\d+) or more").matcher(allowed);
    var length = Pattern.compile("(\\d+) characters or more").matcher(allowed);
    var time = Pattern.compile("(\\d+)s or longer").matcher(allowed);
    if (number.matches() && setting.kind().equals("number")) {
      long least = Long.parseLong(number.group(1));
      assertBorder(setting, Long.toString(least), Long.toString(least - 1));
    } else if (length.matches()) {
      int least = Integer.parseInt(length.group(1));
      assertBorder(setting, "x".repeat(least), "x".repeat(least - 1));
    } else if (time.matches()) {
      long least = Long.parseLong(time.group(1));
      assertBorder(setting, least + "s", "PT" + (least - 0.001) + "S");
    } else if (allowed.equals("longer than 0s")) {
      assertBorder(setting, "1ms", "0s");
    } else if (allowed.equals("an absolute path")) {
      assertBorder(setting, "/here", "here");
    } else if (allowed.equals("an http or https URL")) {
      assertBorder(setting, "https://example.org/v1", "example.org/v1");
    } else if (allowed.startsWith("the name of a backend")
        || allowed.startsWith("the name of an agent")) {
      assertBorder(setting, "demo", "ghost");
    } else if (allowed.startsWith("networks such as ")) {
      assertBorder(setting, "10.0.0.0/32", "10.0.0.0/33");
    } else if (allowed.equals("the name of an auth profile")) {
      assertBorder(setting, "NAME", "ghost");
    } else if (allowed.contains("`env:NAME`")) {
      assertBorder(setting, "env:NAME", "NAME");
      assertBorder(setting, "file:/absolute/path", "file:relative/path");
    } else if (allowed.matches("`\\w+`(, `\\w+`)+")) {
      Arrays.stream(allowed.replace("`", "").split(", "))
          .forEach(value -> assertBorder(setting, value, value + "x"));
    } else {
      fail("nobody knows how to try: " + allowed);
    }
  }

  private static void assertBorder(Setting setting, String good, String bad) {
    assertFalse(isRefused(setting, good), good + " is refused");
    assertTrue(isRefused(setting, bad), bad + " is taken");
  }

  private static boolean isRefused(Setting setting, String value) {
    var properties = new HashMap<>(GROUND);
    if (setting.meaning().startsWith("APIs:")) {
      properties.put("turnout.backends.NAME.kind", "openai");
    } else {
      properties.put("turnout.backends.NAME.kind", "command");
      properties.put("turnout.backends.NAME.command", "tr");
      properties.put("turnout.backends.NAME.args", "{prompt}");
    }
    var key = setting.key().replace("[N]", "[0]");
    properties.put(key, value);
    return ConfigurationCheck.violations(
            () ->
                new SmallRyeConfigBuilder()
                    .addDefaultInterceptors()
                    .addDiscoveredConverters()
                    .withSources(new PropertiesConfigSource(properties, "test", 100)))
        .stream()
        .anyMatch(violation -> violation.startsWith(key + ": "));
  }

  private static String generated() throws IOException {
    var text = new StringBuilder("\n");
    ConfigSource.read()
        .groups()
        .forEach(
            (prefix, settings) -> {
              if (!settings.isEmpty()) {
                text.append("### `").append(prefix).append("`\n\n");
                text.append("| setting | type | default | meaning | allowed |\n");
                text.append("|---|---|---|---|---|\n");
                settings.forEach(setting -> text.append(row(prefix, setting)));
                text.append('\n');
              }
            });
    text.append("### Presets\n\n");
    for (var dialect : List.of(CliDialect.CLAUDE, CliDialect.CODEX, CliDialect.GEMINI)) {
      text.append(preset(dialect));
    }
    return text.toString();
  }

  private static String row(String prefix, Setting setting) {
    return "| `"
        + setting.key().substring(prefix.length() + 1)
        + "` | "
        + setting.kind()
        + " | "
        + setting.byDefault().map(value -> "`" + value + "`").orElse("")
        + " | "
        + setting.meaning()
        + " | "
        + setting.allowed().orElse("")
        + " |\n";
  }

  private static String preset(CliDialect dialect) {
    var preset = CliPresets.of(dialect);
    return """
        `kind: %s`

        ```yaml
        command: %s
        args: %s
        new-session-args: %s
        resume-args: %s
        model-args: %s
        system-prompt-args: %s
        prompt: %s
        environment: {%s}
        ```

        """
        .formatted(
            dialect.name().toLowerCase(Locale.ROOT),
            preset.command(),
            list(preset.args()),
            list(preset.newSessionArgs()),
            list(preset.resumeArgs()),
            list(preset.modelArgs()),
            list(preset.systemPromptArgs()),
            preset.prompt().name().toLowerCase(Locale.ROOT),
            preset.environment().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + ": \"" + entry.getValue() + "\"")
                .collect(Collectors.joining(", ")));
  }

  private static String list(List<String> arguments) {
    return arguments.stream()
        .map(argument -> "'" + argument.replace("'", "''") + "'")
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
