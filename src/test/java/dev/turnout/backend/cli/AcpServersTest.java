package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.backend.AttemptResult.Answered;
import dev.turnout.backend.BackendEvent;
import dev.turnout.settings.AgentTools;
import dev.turnout.settings.AgentTools.McpServer;
import dev.turnout.settings.AgentTools.OwnTools;
import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.settings.LiveSettings;
import dev.turnout.settings.SecretText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent in ACP is told of its MCP servers by the protocol, when its session is opened. */
@Timeout(60)
class AcpServersTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path data;
  private SpokenAgent agent;

  @BeforeEach
  void open() {
    agent = new SpokenAgent(data, CliDialect.ACP, FakeAcpAgent.class);
    agent.tools =
        new AgentTools(
            Optional.of(new OwnTools(1, 1)),
            Map.of(
                "files",
                new McpServer.Program(
                    "sh", List.of("-c", "exit"), Map.of("ROOT", new SecretText("/srv")))),
            AgentTools.NONE.policy());
  }

  @AfterEach
  void nothingIsLeft() {
    agent.close();
  }

  private Answered ask(String prompt, Optional<String> resume) {
    return assertInstanceOf(Answered.class, agent.ask(prompt, resume));
  }

  private static JsonNode servers(Answered answered) throws IOException {
    return JSON.readTree(answered.answer().text());
  }

  private static String token(JsonNode servers) {
    return servers.at("/0/headers/0/value").asText().substring("Bearer ".length());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sessionIsOpenedWithServersAsTheProtocolWritesThem(boolean lives) throws IOException {
    agent.settings = lives ? LiveSettings.ON : LiveSettings.OFF;

    var servers = servers(ask("servers", Optional.empty()));

    var token = token(servers);
    assertEquals(
        JSON.readTree(
            """
            [{"type":"http","name":"turnout","url":"http://127.0.0.1:9/mcp",
              "headers":[{"name":"Authorization","value":"Bearer %s"}]},
             {"name":"files","command":"%s","args":["-c","exit"],
              "env":[{"name":"ROOT","value":"/srv"}]}]"""
                .formatted(token, whole("sh"))),
        servers);
    assertEquals(lives, agent.grants.find(token).isPresent());
  }

  /** Where the PATH has it. */
  private static Path whole(String program) {
    return List.of(System.getenv("PATH").split(":")).stream()
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void eachProcessHasATokenOfItsOwnThatDiesWithItAndIsInNoArgument() throws IOException {
    var first = ask("servers", Optional.empty());
    var old = token(servers(first));
    var argv =
        Files.readString(Path.of("/proc/" + agent.living().pid().orElseThrow() + "/cmdline"));
    assertFalse(argv.contains(old), argv);
    assertFalse(agent.live.sessions.list().toString().contains(old));
    // A later turn of the same process opens nothing, and so is told of nothing.
    assertEquals(old, token(servers(ask("servers", first.sessionRef()))));

    agent.kill();
    var loaded = token(servers(ask("servers", first.sessionRef())));

    assertTrue(agent.grants.find(old).isEmpty(), "the token outlives its process");
    assertEquals(1, agent.grants.find(loaded).orElseThrow().session().value());
    agent.live.close();
    assertTrue(agent.grants.find(loaded).isEmpty(), "the token outlives its process");
  }

  @Test
  void agentWithoutHttpIsToldOfProgramsAloneAndTheCallerOfTheRest() throws IOException {
    agent.arguments = List.of("--programs-alone");

    var servers = servers(ask("servers", Optional.empty()));

    assertEquals(1, servers.size());
    assertEquals("files", servers.at("/0/name").asText());
    assertEquals(
        List.of(
            new BackendEvent.Notice(
                "the agent takes no MCP servers over HTTP, and is without the tools of turnout")),
        agent.events.stream().filter(BackendEvent.Notice.class::isInstance).toList());
  }
}
