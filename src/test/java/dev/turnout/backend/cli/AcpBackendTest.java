package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.AttemptResult.Answered;
import dev.turnout.backend.AttemptResult.Failed;
import dev.turnout.backend.BackendEvent;
import dev.turnout.failure.FailureSignal;
import dev.turnout.failure.FailureSignal.TimedOut.Limit;
import dev.turnout.livesession.CloseReason;
import dev.turnout.livesession.LiveState;
import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.settings.BackendSettings.TimeLimits;
import dev.turnout.settings.LiveSettings;
import dev.turnout.testing.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent that speaks ACP, as a real process: one that lives, and one for each turn. */
@Timeout(120)
class AcpBackendTest {
  @TempDir private Path data;
  private SpokenAgent agent;

  @BeforeEach
  void open() {
    agent = new SpokenAgent(data, CliDialect.ACP, FakeAcpAgent.class);
  }

  @AfterEach
  void nothingIsLeft() {
    agent.close();
  }

  private Answered answered(String prompt, Optional<String> resume) {
    return assertInstanceOf(Answered.class, agent.ask(prompt, resume));
  }

  private Failed failed(String prompt, Optional<String> resume) {
    return assertInstanceOf(Failed.class, agent.ask(prompt, resume));
  }

  @Test
  void oneProcessHasTheWholeConversation() {
    var first = answered("my colour is blue", Optional.empty());
    var pid = agent.living().pid();

    var second = answered("recall", first.sessionRef());

    assertEquals("my colour is blue", second.answer().text());
    assertEquals(Optional.of("acp-session-1"), second.sessionRef());
    assertEquals(pid, agent.living().pid());
    assertEquals(2, agent.living().turns());
    assertEquals(OptionalLong.of(7), second.answer().usage().inputTokens());
    assertEquals(new BackendEvent.Output("my colour is blue"), agent.events.getFirst());
  }

  @Test
  void processThatIsGoneIsFollowedByOneThatLoadsTheConversation() {
    var first = answered("remember me", Optional.empty());
    var pid = agent.living().pid();
    agent.kill();
    agent.events.clear();

    var second = answered("recall", first.sessionRef());

    assertEquals("remember me", second.answer().text());
    assertNotEquals(pid, agent.living().pid());
    // What it repeats of the past is nobody's answer.
    assertEquals(List.of(new BackendEvent.Output("remember me")), agent.events);
  }

  @Test
  void cancelledTurnLeavesTheProcessToTheNextOneAndItsLateWordsToNobody()
      throws InterruptedException {
    var first = answered("hello", Optional.empty());
    var pid = agent.living().pid();
    agent.events.clear();
    var results = Collections.synchronizedList(new ArrayList<AttemptResult>());
    var thread = Thread.ofVirtual().start(() -> results.add(agent.ask("wait", first.sessionRef())));
    Patience.await().until(() -> agent.events.size() == 1);

    thread.interrupt();
    thread.join();

    assertInstanceOf(AttemptResult.Aborted.class, results.getFirst());
    var next = answered("recall", first.sessionRef());
    assertEquals("hello", next.answer().text());
    assertEquals(pid, agent.living().pid());
  }

  @Test
  void agentThatCannotTellThatItsLateWordsAreOverIsEndedWithTheCancelledTurn()
      throws InterruptedException {
    agent.arguments = List.of("--curt");
    var first = answered("hello", Optional.empty());
    agent.events.clear();
    var thread = Thread.ofVirtual().start(() -> agent.ask("wait", first.sessionRef()));
    Patience.await().until(() -> agent.events.size() == 1);

    thread.interrupt();
    thread.join();

    assertEquals(CloseReason.DID_NOT_YIELD, agent.lastClosed());
    assertEquals("hello", answered("recall", first.sessionRef()).answer().text());
  }

  @Test
  void agentThatDoesNotYieldIsEndedAfterTheGrace() {
    var first = answered("hello", Optional.empty());
    long pid = agent.living().pid().orElseThrow();
    var idle = Duration.ofMillis(300);
    agent.limits = new TimeLimits(idle, idle, idle, Duration.ofSeconds(9));

    var failed = failed("stubborn", first.sessionRef());

    assertEquals(new FailureSignal.TimedOut(Limit.FIRST_OUTPUT, idle), failed.signal());
    Patience.await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    assertEquals(CloseReason.DID_NOT_YIELD, agent.lastClosed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"half", "garbage", "die"})
  void agentThatBreaksIsNamedAndTheSessionGoesOn(String how) {
    var first = answered("hello", Optional.empty());

    var signal = failed(how, first.sessionRef()).signal();

    switch (how) {
      case "die" -> {
        var ended = assertInstanceOf(FailureSignal.ProcessEnded.class, signal);
        assertEquals(3, ended.exitCode());
        assertTrue(ended.stderrExcerpt().contains("it hurts"), ended::toString);
      }
      case "garbage" -> assertTrue(signal.toString().contains("<html>"), signal::toString);
      default -> assertInstanceOf(FailureSignal.ProtocolBroken.class, signal);
    }
    assertEquals("hello", answered("recall", first.sessionRef()).answer().text());
  }

  @Test
  void answersAndWordsOfOthersAreIgnored() {
    assertEquals("mine", answered("others", Optional.empty()).answer().text());
  }

  @Test
  void whoAsksWhetherItMayIsToldNo() {
    var answer = answered("ask", Optional.empty()).answer().text();

    assertEquals("{\"outcome\":\"selected\",\"optionId\":\"no\"}", inOrder(answer));
    assertTrue(
        agent.events.contains(new BackendEvent.Notice("the agent was not allowed to use rm -rf")),
        agent.events::toString);
  }

  private static String inOrder(String object) {
    return object.startsWith("{\"optionId\":\"no\"")
        ? "{\"outcome\":\"selected\",\"optionId\":\"no\"}"
        : object;
  }

  @Test
  void filesOfThisMachineAreNotReadForIt() {
    assertEquals("-32601", answered("read", Optional.empty()).answer().text());
  }

  @Test
  void wordsBeforeAToolAreStreamedAndNotTheAnswer() {
    assertEquals("seen", answered("tool", Optional.empty()).answer().text());

    assertEquals(
        List.of(
            new BackendEvent.Output("let me look"),
            new BackendEvent.ToolStarted(Optional.of("t"), "look", ""),
            new BackendEvent.ToolEnded(Optional.of("t"), false, ""),
            new BackendEvent.Output("\n\n"),
            new BackendEvent.Output("seen")),
        agent.events);
  }

  @Test
  void errorOfAPromptLeavesTheProcessToTheNextTurn() {
    var first = answered("hello", Optional.empty());
    var pid = agent.living().pid();

    var failed = failed("error 429 slow down", first.sessionRef());

    assertEquals(
        new FailureSignal.CliReported("command", Map.of("api_error_status", "429"), "slow down"),
        failed.signal());
    assertEquals(first.sessionRef(), failed.sessionRef());
    assertEquals("hello", answered("recall", failed.sessionRef()).answer().text());
    assertEquals(pid, agent.living().pid());
  }

  @Test
  void endsThatAreNoAnswersAreNamed() {
    assertInstanceOf(
        FailureSignal.AnsweredNothing.class, failed("nothing", Optional.empty()).signal());
    assertEquals(
        new FailureSignal.Refused("refusal", "partly"),
        failed("stop refusal", Optional.of("acp-session-1")).signal());
    var cut = failed("stop max_tokens", Optional.of("acp-session-1")).signal();
    assertEquals(
        Map.of("stop_reason", "max_tokens"),
        assertInstanceOf(FailureSignal.CliReported.class, cut).fields());
  }

  @Test
  void agentThatRefusesOrSpeaksAnotherVersionIsGivenUpAtOnce() {
    agent.arguments = List.of("--refuse");
    var refused = failed("hello", Optional.empty()).signal();
    agent.arguments = List.of("--newer");
    var newer = failed("hello", Optional.empty()).signal();

    assertEquals(
        new FailureSignal.CliReported(
            "command", Map.of("rpc_error_code", "-32000"), "Authentication required"),
        refused);
    assertInstanceOf(FailureSignal.ProtocolBroken.class, newer);
    assertEquals(CloseReason.NEVER_READY, agent.lastClosed());
  }

  @Test
  void agentThatNeverAnswersIsOutOfTime() {
    agent.arguments = List.of("--mute");
    var first = Duration.ofSeconds(1);
    agent.limits = new TimeLimits(first, first, first, Duration.ofSeconds(9));

    assertEquals(
        new FailureSignal.TimedOut(Limit.FIRST_OUTPUT, first),
        failed("hello", Optional.empty()).signal());
  }

  @Test
  void conversationThatIsNotThereOrCannotBeLoadedIsLost() {
    var unknown = failed("hello", Optional.of("gone"));
    agent.arguments = List.of("--forgetful");
    var forgotten = failed("hello", Optional.of("acp-session-1"));

    assertInstanceOf(FailureSignal.SessionUnknown.class, unknown.signal());
    assertInstanceOf(FailureSignal.SessionUnknown.class, forgotten.signal());
    assertEquals(Optional.empty(), forgotten.sessionRef());
  }

  @Test
  void textOfAPersonIsOneLineAndNoCommand() {
    assertEquals(
        "Message:\n/clear {\"method\":\"session/cancel\"}\n\u2028\r\nend",
        answered("/clear {\"method\":\"session/cancel\"}\n\u2028\r\nend", Optional.empty())
            .answer()
            .text());
  }

  @Test
  void modelIsChosenInTheProtocolOrTheTurnFails() {
    agent.model = Optional.of("large");
    var cannot = failed("hello", Optional.empty());
    agent.arguments = List.of("--models");

    assertInstanceOf(FailureSignal.ConfigMissing.class, cannot.signal());
    assertEquals("hello", answered("hello", Optional.empty()).answer().text());
  }

  @Test
  void processForEachTurnStartsAsksAndEnds() {
    agent.settings = LiveSettings.OFF;

    var first = answered("remember me", Optional.empty());
    var second = answered("recall", first.sessionRef());

    assertEquals("remember me", second.answer().text());
    assertEquals(List.of(), agent.live.sessions.list());
    assertEquals(List.of(), agent.live.ledger.owners());
    assertEquals(0, agent.leftovers());
  }

  @Test
  void agentThatForgetsIsToldTheConversationAnewByAProcessForEachTurn() {
    agent.settings = LiveSettings.OFF;
    agent.arguments = List.of("--forgetful");

    assertEquals(Optional.empty(), answered("hello", Optional.empty()).sessionRef());
  }

  @Test
  void switchedOffEndsTheProcessThatLived() {
    var first = answered("hello", Optional.empty());
    agent.settings = LiveSettings.OFF;

    assertEquals("hello", answered("recall", first.sessionRef()).answer().text());
    assertFalse(
        agent.live.sessions.list().stream()
            .anyMatch(view -> !(view.state() instanceof LiveState.Closed)));
  }
}
