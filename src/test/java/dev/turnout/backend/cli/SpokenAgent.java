package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.BackendEvent;
import dev.turnout.grant.AgentDoor;
import dev.turnout.grant.AgentGrants;
import dev.turnout.livesession.CloseReason;
import dev.turnout.livesession.LiveState;
import dev.turnout.livesession.LiveView;
import dev.turnout.process.Leftovers;
import dev.turnout.settings.AgentTools;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.settings.BackendSettings.OutputFields;
import dev.turnout.settings.BackendSettings.OutputFormat;
import dev.turnout.settings.BackendSettings.PromptChannel;
import dev.turnout.settings.BackendSettings.TimeLimits;
import dev.turnout.settings.LiveSettings;
import dev.turnout.testing.TestLive;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.Outside;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A backend on a fake agent of ours, which is a Java program. */
final class SpokenAgent implements AutoCloseable {
  final TestLive live;
  final List<BackendEvent> events = Collections.synchronizedList(new ArrayList<>());
  LiveSettings settings = LiveSettings.ON;
  TimeLimits limits = TestSettings.LIMITS;
  List<String> arguments = List.of();
  Optional<String> model = Optional.empty();
  AgentTools tools = AgentTools.NONE;
  final AgentGrants grants = new AgentGrants();
  AgentDoor door = () -> Optional.of(URI.create("http://127.0.0.1:9/mcp"));
  Outside outside = Outside.NOBODY;

  /** By which name the last answer's conversation is resumed. */
  volatile Optional<String> ref = Optional.empty();

  private final Path data;
  private final CliDialect dialect;
  private final Class<?> program;

  SpokenAgent(Path data, CliDialect dialect, Class<?> program) {
    this.data = data;
    this.dialect = dialect;
    this.program = program;
    this.live = new TestLive(data, Clock.systemUTC());
  }

  AttemptResult ask(String prompt, Optional<String> resume) {
    var none = TestSettings.settings(List.of(), 1);
    var profiles = new AuthProfiles(() -> none, _ -> Optional.empty());
    var provider =
        new CliBackendProvider(profiles, live.ledger, live.sessions, grants, door, data.toString());
    var backend = new BackendId("agent");
    var request =
        new AttemptRequest(
            new TurnId(UUID.randomUUID()),
            new SessionId(1),
            new Candidate(backend, model, Optional.empty()),
            prompt,
            Optional.empty(),
            List.of(),
            resume,
            Optional.empty(),
            Optional.empty(),
            outside);
    var result = provider.open(cli(backend)).orElseThrow().attempt(request, this::heard);
    if (result instanceof AttemptResult.Answered(_, var known)) {
      ref = known;
    }
    return result;
  }

  private Cli cli(BackendId backend) {
    return new Cli(
        backend,
        dialect,
        script().toString(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        PromptChannel.STDIN,
        OutputFormat.TEXT,
        OutputFields.NONE,
        Map.of(),
        List.of(),
        Optional.empty(),
        limits,
        1 << 20,
        Duration.ofSeconds(3),
        settings,
        tools,
        BackendSettings.MAX_HISTORY_BYTES);
  }

  /** A script, which takes no notice of the arguments that the real agent is started with. */
  private Path script() {
    if (dialect == CliDialect.DEMO) {
      return Path.of("demo");
    }
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    // Surefire itself starts with a jar that only names the others.
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(program.getName());
    command.addAll(arguments);
    var script = new StringBuilder("#!/bin/sh\nexec");
    command.forEach(word -> script.append(" '").append(word).append("'"));
    var file = data.resolve("agent.sh");
    try {
      Files.writeString(file, script.append('\n'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }

  LiveView living() {
    return live.sessions.list().stream()
        .filter(view -> !(view.state() instanceof LiveState.Closed))
        .findFirst()
        .orElseThrow();
  }

  /** As the kernel does when memory is short. */
  void kill() {
    var process = ProcessHandle.of(living().pid().orElseThrow()).orElseThrow();
    assertTrue(process.destroyForcibly());
    process.onExit().join();
  }

  /** Why the process that ended last was closed. */
  CloseReason lastClosed() {
    return live.sessions.list().stream()
        .map(LiveView::state)
        .filter(LiveState.Closed.class::isInstance)
        .map(state -> ((LiveState.Closed) state).why())
        .findFirst()
        .orElseThrow();
  }

  int leftovers() {
    return Leftovers.endAll(data.toString());
  }

  @Override
  public void close() {
    live.close();
    assertEquals(0, leftovers());
    assertEquals(List.of(), live.ledger.owners());
  }

  /** What the agent says; which process says it is told first, and is of no interest here. */
  private void heard(BackendEvent event) {
    if (!(event instanceof BackendEvent.LiveProcess)) {
      events.add(event);
    }
  }
}
