package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.backend.AttemptResult;
import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.testing.Patience;
import dev.turnout.turn.SteerRefusal;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Agents that are told more while they work, in each protocol that has words for it. */
@Timeout(120)
class SteeringTest {
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

  private void open(CliDialect dialect) {
    var program = dialect == CliDialect.CODEX ? FakeAppServer.class : FakeAcpAgent.class;
    var agent = new SpokenAgent(data, dialect, program);
    agent.outside = outside;
    opened = agent;
  }

  private CompletableFuture<AttemptResult> asking(String prompt) {
    var result = new CompletableFuture<AttemptResult>();
    Thread.ofVirtual().start(() -> result.complete(agent().ask(prompt, agent().ref)));
    return result;
  }

  private void awaitOutput() {
    Patience.await().until(() -> !agent().events.isEmpty());
  }

  private static String text(CompletableFuture<AttemptResult> result) {
    var ended = result.join();
    return assertInstanceOf(AttemptResult.Answered.class, ended, ended::toString).answer().text();
  }

  @Test
  void demoAgentDoesWhatItIsToldInTheOrderInWhichItIsTold() {
    open(CliDialect.DEMO);
    var result = asking("words 1\nsleep 5");
    awaitOutput();
    var first = outside.say("one");
    Patience.await().until(() -> outside.took.size() == 1);
    var second = outside.say("two");

    var answer = text(result);

    assertEquals(List.of(first + " true", second + " true"), outside.took);
    assertTrue(answer.contains("You said: one\nYou said: two\n"), answer);
    assertTrue(text(asking("recall")).startsWith("words 1 sleep 5 one two"));
    assertEquals(1, agent().live.sessions.list().size());
  }

  @Test
  void codexTakesAMessageIntoItsTurnOrSaysThatTheTurnIsOver() {
    open(CliDialect.CODEX);
    var result = asking("steerable");
    awaitOutput();
    var first = outside.say("more");
    assertEquals("heard more", text(result));
    var pid = agent().living().pid();
    agent().events.clear();
    var late = asking("steerable late");
    awaitOutput();
    var second = outside.say("too late");

    assertEquals("done", text(late));

    assertEquals(List.of(first + " true", second + " false"), outside.took);
    assertEquals(pid, agent().living().pid());
  }

  @Test
  void agentInAcpCanBeToldNothing() {
    open(CliDialect.ACP);

    assertEquals("hello", text(asking("hello")));

    assertEquals(List.of(SteerRefusal.NOT_SUPPORTED), outside.deaf);
  }

  @Test
  void processThatDiesWithAMessageMayHaveHeardIt() {
    open(CliDialect.CODEX);
    var result = asking("wait");
    awaitOutput();
    var turn = outside.say("more");
    Patience.await().until(() -> outside.isEmpty());

    agent().kill();

    assertInstanceOf(AttemptResult.Failed.class, result.join());
    assertEquals(List.of(turn + " true"), outside.took);
  }
}
