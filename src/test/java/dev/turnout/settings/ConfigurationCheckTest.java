package dev.turnout.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationCheckTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          backendz: {x: {kind: claude}}              | turnout.backendz: is not a setting; expected one of [admin, agents, auth-profiles, backends,
          backends: {x: {kind: claude, comand: a}}   | turnout.backends.x.comand: is not a setting; expected one of [args, base-url, command,
          backends: {x: {kind: claude, limits: {idel: 1s}}} | turnout.backends.x.limits.idel: is not a setting; expected one of [connect, first-output, idle, total]
          agents: {demo: {chain: [{backend: demo, modl: x}]}} | turnout.agents.demo.chain[0].modl: is not a setting; expected one of [auth-profile, auth-profiles, backend, last-resort, model, rotation]
          lease: {deep: 1s}                          | turnout.lease.deep: is not a setting
          backends: {x: {kind: claude, limits: {idle: soon}}} | turnout.backends.x.limits.idle: soon is not allowed; expected a time such as
          queue: {session-cap: many}                 | turnout.queue.session-cap: many is not allowed; expected a whole number
          backends: {x: {command: tr}}               | turnout.backends.x.kind: (absent) is not allowed; expected a value
          agents: {a: {chain: [{model: m}]}}         | turnout.agents.a.chain[0].backend: (absent) is not allowed; expected a value
          lease: ""                                  | turnout.lease: (empty) is not allowed; expected a value
          """)
  void mistakeIsToldInOurWords(String line, String told) {
    var violations = YamlSettings.violations("turnout:\n  " + line);

    assertEquals(1, violations.size(), violations::toString);
    assertTrue(violations.getFirst().startsWith(told), violations::toString);
  }

  @Test
  void everyMistakeIsToldAtOnce() {
    var violations =
        YamlSettings.violations(
            """
            turnout:
              backendz: {x: {kind: claude}}
              default-agent: ghost
              lanes: {user: {width: 0}}
            """);

    assertEquals(
        List.of("turnout.backendz", "turnout.default-agent", "turnout.lanes.user.width"),
        violations.stream().map(v -> v.substring(0, v.indexOf(':'))).toList());
  }

  @Test
  void fileWithSettingsOutsideOfAllRootsIsRefused() throws IOException {
    var violations =
        ConfigurationCheck.fileViolations(
            file(
                """
                agents: {a: {chain: [{backend: demo}]}}
                turnout: {lease: 20s}
                quarkus: {log: {level: DEBUG}}
                "%prod":
                  turnout: {worker: false}
                """));

    assertEquals(
        List.of(
            "agents.a.chain[0].backend: is not a setting; those of Turnout begin with turnout."),
        violations);
  }

  @Test
  void fileThatIsNotYamlIsToldWithTheLine() throws IOException {
    var violations =
        ConfigurationCheck.fileViolations(file("turnout:\n  backends:\n   x: {kind: claude\n"));

    assertEquals(1, violations.size());
    assertTrue(violations.getFirst().contains("is not YAML"), violations::toString);
    assertTrue(violations.getFirst().contains("line 3"), violations::toString);
  }

  @ParameterizedTest
  @CsvSource({"''", "'# nothing yet'", "'turnout:'"})
  void fileWithNothingInItHolds(String content) throws IOException {
    assertEquals(List.of(), ConfigurationCheck.fileViolations(file(content)));
    assertEquals(List.of(), YamlSettings.violations(content));
  }

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("turnout.yaml"), content);
  }
}
