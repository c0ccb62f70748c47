package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.turnout.backend.AttemptResult.Failed;
import dev.turnout.backend.BackendEvent;
import dev.turnout.failure.FailureSignal;
import dev.turnout.failure.FailureSignal.TimedOut.Limit;
import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.settings.BackendSettings.TimeLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of tools that an agent in ACP tells of when they are over already. */
@Timeout(60)
class AcpToolsTest {
  @TempDir private Path data;

  private static String update(String kind, String status) {
    return """
        {"jsonrpc":"2.0","method":"session/update","params":{"update":{"sessionUpdate":"%s",
         "toolCallId":"t","title":"look","status":"%s"}}}"""
        .formatted(kind, status)
        .replace("\n", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"completed", "failed"})
  void callThatIsOverWhenItIsToldOfHasBegunAndEndedOnce(String status) {
    var events = new ArrayList<BackendEvent>();
    var reader = new AcpReader(AcpAgent.OTHER, Optional.empty());

    var _ = reader.line(update("tool_call", status), events::add);
    var _ = reader.line(update("tool_call_update", status), events::add);

    assertEquals(
        List.of(
            new BackendEvent.ToolStarted(Optional.of("t"), "look", ""),
            new BackendEvent.ToolEnded(Optional.of("t"), status.equals("failed"), "")),
        events);
  }

  @ParameterizedTest
  @ValueSource(strings = {"completed", "failed"})
  void silenceAfterItIsSilenceOfTheAgent(String status) {
    try (var agent = new SpokenAgent(data, CliDialect.ACP, FakeAcpAgent.class)) {
      var idle = Duration.ofSeconds(1);
      agent.limits =
          new TimeLimits(Duration.ofSeconds(9), Duration.ofSeconds(9), idle, Duration.ofSeconds(9));

      var failed = assertInstanceOf(Failed.class, agent.ask("over " + status, Optional.empty()));

      assertEquals(new FailureSignal.TimedOut(Limit.IDLE, idle), failed.signal());
    }
  }
}
