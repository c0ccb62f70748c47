package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.AttemptResult.Answered;
import dev.turnout.backend.AttemptResult.Failed;
import dev.turnout.failure.FailureSignal;
import dev.turnout.livesession.CloseReason;
import dev.turnout.process.ExitStatus;
import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.settings.BackendSettings.OutputFields;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines that are JSON and more than a reader of JSON takes without being told to. */
@Timeout(60)
class LongLinesTest {
  private static final String DEEP =
      "{\"result\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

  @TempDir private Path data;

  @Test
  void textIsAsLongAsALineMayBe() {
    var text = "x".repeat(21_000_000);

    var read = JsonPaths.object("{\"text\":\"" + text + "\"}");

    assertEquals(
        text.length(), read.flatMap(node -> JsonPaths.text(node, "text")).orElse("").length());
  }

  @Test
  void livingProcessThatEndsItsTurnInOneFailsAtOnceAndIsNotAskedAgain() {
    try (var agent = new SpokenAgent(data, CliDialect.ACP, FakeAcpAgent.class)) {
      var first = assertInstanceOf(Answered.class, agent.ask("remember me", Optional.empty()));
      var pid = agent.living().pid();

      var failed = assertInstanceOf(Failed.class, agent.ask("deep", first.sessionRef()));

      var broken = assertInstanceOf(FailureSignal.ProtocolBroken.class, failed.signal());
      assertTrue(broken.message().contains("depth"), broken::message);
      assertEquals(CloseReason.OUT_OF_STEP, agent.lastClosed());
      var next = assertInstanceOf(Answered.class, agent.ask("recall", first.sessionRef()));
      assertEquals("remember me", next.answer().text());
      assertNotEquals(pid, agent.living().pid());
    }
  }

  @Test
  void agentThatGreetsInOneIsGivenUpAtOnce() {
    try (var agent = new SpokenAgent(data, CliDialect.ACP, FakeAcpAgent.class)) {
      agent.arguments = List.of("--deep");

      var failed = assertInstanceOf(Failed.class, agent.ask("hello", Optional.empty()));

      assertInstanceOf(FailureSignal.ProtocolBroken.class, failed.signal());
      assertEquals(CloseReason.NEVER_READY, agent.lastClosed());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void singleTurnThatEndsInOneSaysSo(boolean oneDocument) {
    var reader = new JsonReader(OutputFields.NONE, oneDocument);

    assertNamed(reader);
  }

  @Test
  void readersOfAgentsSaySoToo() {
    assertNamed(new GeminiReader());
    assertNamed(new CodexReader(Optional.empty()));
    assertNamed(new ClaudeReader());
  }

  private static void assertNamed(OutputReader reader) {
    var _ = reader.line(DEEP, _ -> {});
    AttemptResult result = reader.end(new ExitStatus.Exited(0), "");
    var signal = assertInstanceOf(Failed.class, result).signal();
    var broken = assertInstanceOf(FailureSignal.ProtocolBroken.class, signal, signal::toString);
    assertTrue(broken.message().contains("depth"), broken::message);
  }
}
