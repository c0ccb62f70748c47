package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.BackendEvent;
import dev.turnout.failure.FailureSignal;
import dev.turnout.settings.AgentTools;
import dev.turnout.settings.AgentTools.Decision;
import dev.turnout.settings.AgentTools.Policy;
import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.settings.BackendSettings.TimeLimits;
import dev.turnout.testing.Patience;
import dev.turnout.turn.PermissionOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Living agents ask whether they may, and are told, in each protocol. */
@Timeout(120)
class PermissionsTest {
  private static final Policy ASK =
      new Policy(List.of(), List.of(), List.of(), Decision.ASK, Duration.ofSeconds(20));

  @TempDir private Path data;
  private final FakeOutside outside = new FakeOutside();
  private @Nullable SpokenAgent opened;

  @AfterEach
  void nothingIsLeft() {
    agent().close();
  }

  private SpokenAgent agent() {
    return Objects.requireNonNull(opened);
  }

  private void open(CliDialect dialect, Policy policy) {
    var program = dialect == CliDialect.CODEX ? FakeAppServer.class : FakeAcpAgent.class;
    var agent = new SpokenAgent(data, dialect, program);
    opened = agent;
    agent.outside = outside;
    agent.tools = AgentTools.NONE.with(policy);
  }

  private CompletableFuture<AttemptResult> asking(String prompt) {
    var result = new CompletableFuture<AttemptResult>();
    Thread.ofVirtual().start(() -> result.complete(agent().ask(prompt, agent().ref)));
    return result;
  }

  private void awaitQuestion() {
    Patience.await().until(() -> outside.asked.size() == 1);
  }

  private static String text(CompletableFuture<AttemptResult> result) {
    var ended = result.join();
    return assertInstanceOf(AttemptResult.Answered.class, ended, ended::toString).answer().text();
  }

  private static String said(CliDialect dialect, boolean allowed) {
    return switch (dialect) {
      case ACP -> allowed ? "\"yes\"" : "\"no\"";
      case CODEX -> allowed ? "accept" : "decline";
      default -> allowed ? "used rm" : "did not use rm: too risky";
    };
  }

  @ParameterizedTest
  @EnumSource(names = {"DEMO", "ACP", "CODEX"})
  void whoIsAskedDecidesAndTheProcessLivesOn(CliDialect dialect) {
    open(dialect, ASK);
    var first = asking("ask rm -rf");
    awaitQuestion();
    assertEquals("-rf", outside.asked.getFirst().description().replace("rm ", ""));
    assertEquals(Duration.ofSeconds(20), outside.asked.getFirst().patience());
    assertFalse(first.isDone());
    outside.answer(0, PermissionOutcome.ALLOWED, "");
    assertTrue(text(first).contains(said(dialect, true)), () -> text(first));
    var pid = agent().living().pid();

    var second = asking("ask rm -rf");
    Patience.await().until(() -> outside.asked.size() == 2);
    outside.answer(1, PermissionOutcome.DENIED, "too risky");

    assertTrue(text(second).contains(said(dialect, false)), () -> text(second));
    assertEquals(pid, agent().living().pid());
    assertEquals(List.of(), outside.withdrawn);
  }

  @Test
  void policyDecidesByNameAndKindAndAsksNobody() {
    open(
        CliDialect.DEMO,
        new Policy(
            List.of("read*"),
            List.of("read_mail"),
            List.of("read_key"),
            Decision.DENY,
            ASK.answerWithin()));

    var answer = text(asking("ask read_file\nask read_key\nask write"));

    assertTrue(answer.contains("used read_file"), answer);
    assertTrue(answer.contains("did not use read_key: " + AgentPermissions.AGAINST_THE_RULES));
    assertTrue(answer.contains("did not use write"), answer);
    assertEquals(List.of(), outside.asked);
    assertTrue(
        agent().events.contains(new BackendEvent.Notice("the agent was not allowed to use write")));
    var mail = asking("ask read_mail");
    awaitQuestion();
    outside.answer(0, PermissionOutcome.EXPIRED, "");
    assertTrue(text(mail).contains("did not use read_mail: Nobody answered in time."));
  }

  @Test
  void commandOfAModelIsNoNameThatAPolicyGoesBy() {
    open(CliDialect.ACP, new Policy(List.of("rm -rf"), List.of(), Decision.DENY));

    assertTrue(text(asking("ask execute")).contains("\"no\""));
  }

  @ParameterizedTest
  @CsvSource({"ask server, yes", "ask server execute, no"})
  void toolOfAServerHasTheNameOfPoliciesAndNoCommandCanTakeIt(String prompt, String answer) {
    open(CliDialect.ACP, new Policy(List.of("mcp__docs__search"), List.of(), Decision.DENY));

    var said = text(asking(prompt));

    assertTrue(said.contains("\"" + answer + "\""), said);
  }

  @Test
  void descriptionIsShortAndWithoutCredentials() {
    open(CliDialect.DEMO, ASK);
    var asking = asking("ask curl -H Authorization:Bearer abcdefgh12345678 " + "x".repeat(900));
    awaitQuestion();

    var described = outside.asked.getFirst().description();

    assertFalse(described.contains("abcdefgh12345678"), described);
    assertEquals(501, described.length());
    outside.answer(0, PermissionOutcome.DENIED, "");
    asking.join();
  }

  @Test
  void silenceIsNoTroubleWhileAQuestionWaitsAndTheTotalLimitStillIs() {
    open(CliDialect.DEMO, ASK);
    var idle = Duration.ofMillis(1_500);
    var first = Duration.ofSeconds(30);
    agent().limits = new TimeLimits(idle, first, idle, Duration.ofSeconds(60));
    var patient = asking("ask rm\nwords 3");
    awaitQuestion();
    Patience.await().pollDelay(Duration.ofSeconds(3)).until(() -> !patient.isDone());
    outside.answer(0, PermissionOutcome.ALLOWED, "");
    assertTrue(text(patient).contains("word3"));

    agent().limits = new TimeLimits(idle, first, idle, Duration.ofSeconds(5));
    var late = asking("ask rm").join();

    var failed = assertInstanceOf(AttemptResult.Failed.class, late);
    assertEquals(
        new FailureSignal.TimedOut(FailureSignal.TimedOut.Limit.TOTAL, Duration.ofSeconds(5)),
        failed.signal());
    assertEquals(List.of(outside.asked.getLast().id()), outside.withdrawn);
  }

  @ParameterizedTest
  @EnumSource(names = {"DEMO", "CODEX", "ACP"})
  void interruptOfATurnThatAsksKeepsTheProcess(CliDialect dialect) throws InterruptedException {
    open(dialect, ASK);
    var hello = text(asking("hello"));
    assertTrue(hello.contains("hello"), hello);
    var pid = agent().living().pid();
    var results = new CompletableFuture<AttemptResult>();
    var thread =
        Thread.ofVirtual().start(() -> results.complete(agent().ask("ask rm -rf", agent().ref)));
    awaitQuestion();

    thread.interrupt();
    thread.join();

    assertInstanceOf(AttemptResult.Aborted.class, results.join());
    assertEquals(List.of(outside.asked.getFirst().id()), outside.withdrawn);
    var next =
        assertInstanceOf(AttemptResult.Answered.class, agent().ask("hello again", agent().ref));
    assertTrue(next.answer().text().contains("hello again"), next::toString);
    assertEquals(pid, agent().living().pid());
  }
}
