package dev.turnout.worker;

import static dev.turnout.testing.Patience.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.events.TurnEvent;
import dev.turnout.failure.FailureReason;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real agent CLI that is ended in the middle of its work leaves nothing behind. */
@Tag("real-cli")
@Timeout(120)
class RealCliEndIT {
  /** Never ends by itself. Claude Code does not run a sleep(1) that it would have to wait for. */
  private static final String ENDLESS = "tail -s 3599 -f /dev/null";

  @TempDir private Path data;
  private @Nullable RealCliFixture open;

  private RealCliFixture start(RealCli cli, Map<String, String> more) {
    open = new RealCliFixture(cli, data, more);
    return open;
  }

  @AfterEach
  void stop() {
    if (open != null) {
      open.close();
    }
  }

  @ParameterizedTest
  @EnumSource(RealCli.class)
  void cancelledTurnLeavesNoProcessAndNoRequest(RealCli cli) throws InterruptedException {
    var turnout = start(cli, Map.of());
    turnout.api.otherwise("slow chunks=600 ms=100");
    var id = turnout.submit(turnout.session("s"), "hello");
    until(() -> !turnout.api.modelRequests().isEmpty());

    turnout.replica.q.queue.cancel(id);

    assertInstanceOf(TurnEvent.Cancelled.class, turnout.end(id, TurnState.CANCELLED));
    assertEquals(0, turnout.leftovers());
    until(() -> turnout.api.openConnections() == 0);
    assertEquals(1, turnout.api.modelRequests().size());
  }

  @ParameterizedTest
  @EnumSource(RealCli.class)
  void programThatTheModelRunsEndsWithItsTurn(RealCli cli) throws InterruptedException {
    var turnout = start(cli, withTools(cli));
    turnout.api.next(endless(cli));
    var id = turnout.submit(turnout.session("s"), "hello");
    untilKind(turnout, id, "tool_started");
    until(RealCliEndIT::runs);

    turnout.replica.q.queue.cancel(id);

    turnout.end(id, TurnState.CANCELLED);
    assertEquals(0, turnout.leftovers());
    assertFalse(runs());
  }

  @ParameterizedTest
  @EnumSource(RealCli.class)
  void programThatTheModelRunsEndsWithTheTimeLimit(RealCli cli) throws InterruptedException {
    var more = withTools(cli);
    more.put("turnout.backends.cli.limits.total", "9s");
    var turnout = start(cli, more);
    turnout.api.next(endless(cli));
    var failed = turnout.fail("hello");

    assertEquals(FailureReason.TIMEOUT_TOTAL, failed.failure().reason());
    assertEquals(0, turnout.leftovers());
    assertFalse(runs());
  }

  @ParameterizedTest
  @EnumSource(RealCli.class)
  void cancelledConversationGoesOn(RealCli cli) throws InterruptedException {
    var turnout = start(cli, Map.of());
    var session = turnout.session("s");
    turnout.ask(session, "the first question");
    turnout.api.next("slow chunks=600 ms=100");
    var id = turnout.submit(session, "a question that nobody waits for");
    until(() -> turnout.api.modelRequests().size() == 2);
    turnout.replica.q.queue.cancel(id);
    turnout.end(id, TurnState.CANCELLED);

    turnout.ask(session, "the third question");

    var said = Said.in(turnout.lastAsked());
    assertTrue(said.byUser(text -> text.contains("the first question")));
    assertTrue(said.byUser(text -> text.equals("the third question")));
  }

  private static Map<String, String> withTools(RealCli cli) {
    var name = "turnout.backends.cli.extra-args";
    return new HashMap<>(
        switch (cli) {
          case CLAUDE -> Map.of(name, "--allowedTools,Bash");
          // It runs commands unasked, in its sandbox.
          case CODEX -> Map.of();
          case GEMINI -> Map.of(name, "--approval-mode,yolo");
        });
  }

  private static String endless(RealCli cli) {
    var command = "\"" + ENDLESS + "\"";
    return switch (cli) {
      case CLAUDE -> "tool name=Bash input={\"command\":" + command + ",\"description\":\"wait\"}";
      case CODEX -> "tool name=exec_command input={\"cmd\":" + command + "}";
      case GEMINI -> "tool name=run_shell_command input={\"command\":" + command + "}";
    };
  }

  private static boolean runs() {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .anyMatch(line -> line.endsWith("/" + ENDLESS) || line.equals(ENDLESS));
  }

  private static void untilKind(RealCliFixture turnout, TurnId id, String kind) {
    until(() -> turnout.replica.q.kinds(id).contains(kind));
  }

  private static void until(Callable<Boolean> fact) {
    await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(20)).until(fact);
  }
}
