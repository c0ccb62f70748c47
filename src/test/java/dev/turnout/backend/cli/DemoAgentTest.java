package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.BackendEvent;
import dev.turnout.failure.FailureSignal;
import dev.turnout.settings.AgentTools;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.settings.BackendSettings.OutputFields;
import dev.turnout.settings.BackendSettings.OutputFormat;
import dev.turnout.settings.BackendSettings.PromptChannel;
import dev.turnout.settings.LiveSettings;
import dev.turnout.testing.TestLive;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo agent as the real subprocess that it is. */
@Timeout(60)
class DemoAgentTest {
  @TempDir private Path data;
  private final List<BackendEvent> events = new ArrayList<>();

  private AttemptResult ask(String prompt, Optional<String> resume) {
    var cli =
        new Cli(
            new BackendId("demo"),
            CliDialect.DEMO,
            "demo",
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            List.of(),
            PromptChannel.STDIN,
            OutputFormat.JSONL,
            OutputFields.NONE,
            Map.of(),
            List.of(),
            Optional.empty(),
            TestSettings.LIMITS,
            1 << 20,
            Duration.ofSeconds(1),
            LiveSettings.OFF,
            AgentTools.NONE,
            BackendSettings.MAX_HISTORY_BYTES);
    var none = TestSettings.settings(List.of(), 1);
    var live = new TestLive(data, Clock.systemUTC());
    var provider =
        new CliBackendProvider(
            new AuthProfiles(() -> none, _ -> Optional.empty()),
            live.ledger,
            live.sessions,
            data.toString());
    var request =
        new AttemptRequest(
            new TurnId(UUID.randomUUID()),
            new SessionId(1),
            new Candidate(new BackendId("demo"), Optional.empty(), Optional.empty()),
            prompt,
            Optional.empty(),
            List.of(),
            resume,
            Optional.empty());
    return provider.open(cli).orElseThrow().attempt(request, events::add);
  }

  @Test
  void itRemembersItsConversationOverProcesses() {
    var first =
        assertInstanceOf(AttemptResult.Answered.class, ask("Hello \"you\"", Optional.empty()));
    var second = assertInstanceOf(AttemptResult.Answered.class, ask("recall", first.sessionRef()));

    assertTrue(first.answer().text().contains("You said: Hello \"you\""), first.answer().text());
    assertTrue(second.answer().text().contains("Hello \"you\""), second.answer().text());
    assertTrue(second.answer().text().contains("turn 2 of"), second.answer().text());
    assertEquals(first.sessionRef(), second.sessionRef());
  }

  @Test
  void itStreamsAndCallsTools() {
    ask("tool search\nwords 3", Optional.empty());

    assertTrue(events.getFirst() instanceof BackendEvent.ToolStarted, events::toString);
    assertTrue(events.contains(new BackendEvent.Output("word2 ")), events::toString);
  }

  @Test
  void itFailsOnRequest() {
    var failed = assertInstanceOf(AttemptResult.Failed.class, ask("fail", Optional.empty()));

    assertInstanceOf(FailureSignal.ProcessEnded.class, failed.signal());
  }

  @Test
  void anUnknownConversationIsToldAsLost() {
    var failed = assertInstanceOf(AttemptResult.Failed.class, ask("hi", Optional.of("gone")));

    assertInstanceOf(FailureSignal.SessionUnknown.class, failed.signal());
  }
}
