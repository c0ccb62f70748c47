package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.settings.BackendSettings.TimeLimits;
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

/** Codex's app-server, as a real process that lives between turns. */
@Timeout(120)
class CodexThreadTest {
  @TempDir private Path data;
  private SpokenAgent codex;

  @BeforeEach
  void open() {
    codex = new SpokenAgent(data, CliDialect.CODEX, FakeAppServer.class);
  }

  @AfterEach
  void nothingIsLeft() {
    codex.close();
  }

  private Answered answered(String prompt, Optional<String> resume) {
    return assertInstanceOf(Answered.class, codex.ask(prompt, resume));
  }

  private Failed failed(String prompt, Optional<String> resume) {
    return assertInstanceOf(Failed.class, codex.ask(prompt, resume));
  }

  @Test
  void oneProcessHasTheWholeThreadAndAnEarlierTurnsWordsAreNobodys() {
    var first = answered("my colour is blue", Optional.empty());
    var pid = codex.living().pid();
    codex.events.clear();

    var second = answered("recall", first.sessionRef());

    assertEquals("my colour is blue", second.answer().text());
    assertEquals(Optional.of("thread-1"), second.sessionRef());
    assertEquals(List.of(new BackendEvent.Output("my colour is blue")), codex.events);
    assertEquals(pid, codex.living().pid());
    // Told twice, counted once.
    assertEquals(OptionalLong.of(7), second.answer().usage().inputTokens());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hasty", "begun", "hello"})
  void turnIsKnownByItsBeginningOrByTheAnswerWhicheverComesFirst(String word) {
    var first = answered(word, Optional.empty());
    var pid = codex.living().pid();
    codex.events.clear();

    var second = answered(word + " again", first.sessionRef());

    assertEquals(word, first.answer().text());
    assertEquals(word + " again", second.answer().text());
    assertEquals(List.of(new BackendEvent.Output(word + " again")), codex.events);
    assertEquals(pid, codex.living().pid());
  }

  @Test
  void processThatIsGoneIsFollowedByOneThatResumesTheThread() {
    var first = answered("remember me", Optional.empty());
    var pid = codex.living().pid();
    codex.kill();

    assertEquals("remember me", answered("recall", first.sessionRef()).answer().text());
    assertNotEquals(pid, codex.living().pid());
  }

  @Test
  void cancelledTurnLeavesTheProcessToTheNextOne() throws InterruptedException {
    var first = answered("hello", Optional.empty());
    var pid = codex.living().pid();
    codex.events.clear();
    var results = Collections.synchronizedList(new ArrayList<AttemptResult>());
    var thread = Thread.ofVirtual().start(() -> results.add(codex.ask("wait", first.sessionRef())));
    Patience.await().until(() -> codex.events.size() == 1);

    thread.interrupt();
    thread.join();

    assertInstanceOf(AttemptResult.Aborted.class, results.getFirst());
    assertEquals("hello", answered("recall", first.sessionRef()).answer().text());
    assertEquals(pid, codex.living().pid());
  }

  @Test
  void processThatDoesNotYieldIsEndedAfterTheGrace() {
    var first = answered("hello", Optional.empty());
    var idle = Duration.ofMillis(300);
    codex.limits = new TimeLimits(idle, idle, idle, Duration.ofSeconds(9));

    var failed = failed("stubborn", first.sessionRef());

    assertEquals(new FailureSignal.TimedOut(Limit.FIRST_OUTPUT, idle), failed.signal());
    assertEquals(CloseReason.DID_NOT_YIELD, codex.lastClosed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"half", "die"})
  void processThatBreaksIsNamedAndTheSessionGoesOn(String how) {
    var first = answered("hello", Optional.empty());

    var signal = failed(how, first.sessionRef()).signal();

    if (how.equals("die")) {
      var ended = assertInstanceOf(FailureSignal.ProcessEnded.class, signal);
      assertTrue(ended.stderrExcerpt().contains("it hurts"), ended::toString);
    } else {
      assertInstanceOf(FailureSignal.ProtocolBroken.class, signal);
    }
    assertEquals("hello", answered("recall", first.sessionRef()).answer().text());
  }

  @Test
  void typedErrorIsTakenAsItIsAndTheProcessLivesOn() {
    var first = answered("hello", Optional.empty());
    var pid = codex.living().pid();

    var limit = failed("error \"usageLimitExceeded\"", first.sessionRef()).signal();
    var status =
        failed("error {\"httpConnectionFailed\":{\"httpStatusCode\":529}}", first.sessionRef())
            .signal();

    assertEquals(
        new FailureSignal.CliReported(
            "codex", Map.of("codex_error_info", "usageLimitExceeded"), "it failed"),
        limit);
    assertEquals(
        new FailureSignal.CliReported(
            "codex",
            Map.of("codex_error_info", "httpConnectionFailed", "api_error_status", "529"),
            "it failed"),
        status);
    assertEquals(pid, codex.living().pid());
  }

  @Test
  void whoAsksWhetherItMayIsToldNo() {
    assertEquals("decline", answered("ask", Optional.empty()).answer().text());
  }

  @Test
  void answerWithoutAMessageIsNone() {
    assertInstanceOf(
        FailureSignal.AnsweredNothing.class, failed("nothing", Optional.empty()).signal());
  }

  @Test
  void threadThatIsNotThereIsLostAndARefusalIsToldAtOnce() {
    var lost = failed("hello", Optional.of("gone"));
    codex.arguments = List.of("--refuse");
    var refused = failed("hello", Optional.empty());

    assertInstanceOf(FailureSignal.SessionUnknown.class, lost.signal());
    assertEquals(Optional.empty(), lost.sessionRef());
    assertEquals(
        new FailureSignal.CliReported("codex", Map.of("rpc_error_code", "-32600"), "no config"),
        refused.signal());
  }
}
