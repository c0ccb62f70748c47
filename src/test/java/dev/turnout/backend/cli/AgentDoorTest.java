package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.AttemptResult.Answered;
import dev.turnout.grant.AgentDoor;
import dev.turnout.settings.AgentTools;
import dev.turnout.settings.AgentTools.OwnTools;
import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.settings.LiveSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an agent is told to find Turnout's own tools, also when nobody listens there yet. */
@Timeout(60)
class AgentDoorTest {
  @TempDir private Path data;
  private SpokenAgent agent;

  @BeforeEach
  void open() {
    agent = new SpokenAgent(data, CliDialect.ACP, FakeAcpAgent.class);
    agent.tools =
        new AgentTools(Optional.of(new OwnTools(1, 1)), Map.of(), AgentTools.NONE.policy());
  }

  @AfterEach
  void nothingIsLeft() {
    agent.close();
  }

  private String servers(Optional<String> resume) {
    return assertInstanceOf(Answered.class, agent.ask("servers", resume)).answer().text();
  }

  private static Optional<URI> at(int port) {
    return Optional.of(URI.create("http://127.0.0.1:" + port + "/mcp"));
  }

  /** Opens once somebody waits for it, as a server does that is about to listen. */
  private static final class Opening implements AgentDoor {
    private Optional<URI> address = Optional.empty();

    @Override
    public Optional<URI> mcp() {
      return address;
    }

    @Override
    public void awaitOpening() {
      address = at(4711);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void turnThatIsThereBeforeTheServerListensHasTheToolsAllTheSame(boolean lives) {
    agent.settings = lives ? LiveSettings.ON : LiveSettings.OFF;
    agent.door = new Opening();

    var servers = servers(Optional.empty());

    assertTrue(servers.contains("http://127.0.0.1:4711/mcp"), servers);
  }

  @Test
  void processThatKnowsAnotherAddressIsFollowedByOneThatKnowsTheRightOne() {
    agent.door = () -> at(1);
    servers(Optional.empty());
    var pid = agent.living().pid();
    agent.door = () -> at(2);

    var servers = servers(agent.ref);

    assertTrue(servers.contains("http://127.0.0.1:2/mcp"), servers);
    assertNotEquals(pid, agent.living().pid());
  }

  @Test
  void whereNobodyListensTheAgentIsToldOfNoServer() {
    agent.door = Optional::empty;

    assertEquals("[]", servers(Optional.empty()));
  }

  @Test
  void turnThatIsInterruptedWhileItWaitsIsOver() {
    agent.door =
        new AgentDoor() {
          @Override
          public Optional<URI> mcp() {
            return Optional.empty();
          }

          @Override
          public void awaitOpening() throws InterruptedException {
            throw new InterruptedException();
          }
        };

    var result = agent.ask("hello", Optional.empty());

    assertTrue(Thread.interrupted());
    assertInstanceOf(AttemptResult.Aborted.class, result);
  }
}
