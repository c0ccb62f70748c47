package dev.turnout.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.settings.AgentTools.Decision;
import dev.turnout.settings.AgentTools.McpServer;
import dev.turnout.settings.AgentTools.OwnTools;
import dev.turnout.settings.AuthProfileSettings.SecretRef;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.BackendId;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which tools the agent of a CLI has and may use. */
class ToolsReaderTest {
  private static AgentTools tools(String kind, String... more) {
    var written = new HashMap<String, String>();
    written.put("turnout.backends.b.kind", kind);
    for (int i = 0; i < more.length; i += 2) {
      written.put("turnout.backends.b." + more[i], more[i + 1]);
    }
    var backend = WrittenSettings.of(written).backend(new BackendId("b")).orElseThrow();
    return ((Cli) backend).tools();
  }

  @Test
  void agentHasNothingUntilItIsSaid() {
    assertEquals(AgentTools.NONE, tools("claude"));
    assertEquals(
        Optional.of(new OwnTools(10, 3)),
        tools("gemini", "mcp.enabled", "true", "mcp.max-chain", "3").own());
  }

  @Test
  void serversAreProgramsOrAddressesAndTheirSecretsReferences() {
    var servers =
        tools(
                "codex",
                "mcp-servers.docs.url",
                "https://docs.example.org/mcp",
                "mcp-servers.docs.headers.Authorization",
                "Bearer {env:DOCS_TOKEN}",
                "mcp-servers.files.command",
                "mcp-files",
                "mcp-servers.files.args",
                "--root,/srv",
                "mcp-servers.files.environment.LEVEL",
                "info")
            .servers();

    assertEquals(
        Map.of(
            "docs",
            new McpServer.Remote(
                URI.create("https://docs.example.org/mcp"),
                Map.of("Authorization", new SecretText("Bearer {env:DOCS_TOKEN}"))),
            "files",
            new McpServer.Program(
                "mcp-files", List.of("--root", "/srv"), Map.of("LEVEL", new SecretText("info")))),
        servers);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          claude | mcp-servers.turnout.url             | https://example.org/ | mcp-servers.turnout
          claude | mcp-servers.a__b.url                | https://example.org/ | mcp-servers.a__b
          claude | mcp-servers.x.args                  | a                    | mcp-servers.x.command
          claude | mcp-servers.x.url                   | ftp://example.org    | mcp-servers.x.url
          claude | tools.otherwise                     | allow                | tools
          claude | tools.deny                          | --help               | tools
          codex  | tools.deny                          | Bash                 | tools
          claude | tools.ask                           | Bash                 | tools
          command | tools.allow                        | Bash                 | tools
          claude | tools.answer-within                 | 0s                   | tools.answer-within
          openai | mcp.enabled                         | true                 | mcp.enabled
          """)
  void whatCannotWorkIsRefused(String kind, String key, String value, String blamed) {
    var refused = assertThrows(InvalidSettings.class, () -> tools(kind, key, value));

    assertTrue(
        refused.toString().contains("turnout.backends.b." + blamed + ":"), refused::toString);
  }

  @Test
  void secretInPlainSightIsRefusedAndNotRepeated() {
    var refused =
        assertThrows(
            InvalidSettings.class,
            () ->
                tools(
                    "claude",
                    "mcp-servers.x.url",
                    "https://example.org/",
                    "mcp-servers.x.headers.Authorization",
                    "Bearer 0123456789"));

    assertTrue(refused.toString().contains("headers.Authorization"), refused::toString);
    assertFalse(refused.toString().contains("0123456789"), refused::toString);
  }

  @Test
  void referencesAreFilledOrMissed() {
    var text = new SecretText("Basic {env:USER_NAME}:{file:/run/secret}");

    assertEquals(2, text.references().size());
    assertEquals(Optional.empty(), text.filled(_ -> Optional.empty()));
    assertEquals(
        Optional.of("Basic a$1:b"),
        text.filled(ref -> Optional.of(ref instanceof SecretRef.InFile ? "b" : "a$1")));
  }

  @Test
  void deniedIsDeniedHoweverItIsAllowed() {
    var tools =
        tools(
            "claude",
            "live.enabled",
            "true",
            "tools.allow",
            "Read,WebFetch",
            "tools.deny",
            "Web*,mcp__docs__delete",
            "tools.otherwise",
            "deny",
            "mcp-servers.docs.url",
            "https://example.org/mcp");

    assertEquals(Decision.ALLOW, tools.decide(List.of("Read")));
    assertEquals(Decision.DENY, tools.decide(List.of("WebFetch")));
    assertEquals(Decision.DENY, tools.decide(List.of("Bash")));
    assertEquals(Decision.ALLOW, tools.decide(List.of("mcp__docs__search")));
    assertEquals(Decision.DENY, tools.decide(List.of("mcp__docs__delete")));
    assertEquals(Decision.DENY, tools.decide(List.of("mcp__other__search")));
  }

  @Test
  void strictestListCountsAndAKindIsAName() {
    var tools =
        tools(
            "acp",
            "command",
            "agent",
            "tools.allow",
            "read,edit",
            "tools.ask",
            "edit",
            "tools.deny",
            "delete",
            "tools.otherwise",
            "ask",
            "tools.answer-within",
            "30s");

    assertEquals(Decision.ALLOW, tools.decide(List.of("read", "Read a file")));
    assertEquals(Decision.ASK, tools.decide(List.of("edit")));
    assertEquals(Decision.DENY, tools.decide(List.of("delete", "Delete a file")));
    assertEquals(Decision.ASK, tools.decide(List.of("other")));
    assertEquals(Duration.ofSeconds(30), tools.policy().answerWithin());
  }

  @Test
  void agentsOwnRulesTakeThePlaceOfItsBackends() {
    var settings =
        WrittenSettings.of(
            new HashMap<>(
                Map.of(
                    "turnout.backends.b.kind", "demo",
                    "turnout.backends.b.tools.allow", "read",
                    "turnout.backends.b.tools.deny", "delete",
                    "turnout.agents.a.chain[0].backend", "b",
                    "turnout.agents.a.tools.deny", "write",
                    "turnout.agents.a.tools.otherwise", "ask")));
    var backend = settings.backend(new BackendId("b")).orElseThrow();

    var tools =
        ((Cli) settings.agent(new AgentId("a")).orElseThrow().tools().over(backend)).tools();

    assertEquals(Decision.ALLOW, tools.decide(List.of("read")));
    assertEquals(Decision.DENY, tools.decide(List.of("write")));
    assertEquals(Decision.ASK, tools.decide(List.of("delete")));
    assertEquals(Decision.DENY, ((Cli) backend).tools().decide(List.of("delete")));
  }
}
