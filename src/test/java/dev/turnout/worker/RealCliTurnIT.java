package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.events.TurnEvent;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnState;
import dev.turnout.turn.Usage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every agent CLI does for us when all is well. */
@Tag("real-cli")
@Timeout(120)
class RealCliTurnIT {
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
  void answerIsStreamedAndEndsWithUsageAndTheClisOwnSession(RealCli cli)
      throws InterruptedException {
    var turnout = start(cli, Map.of());
    var session = turnout.session("s");
    turnout.api.otherwise("slow chunks=3 ms=50");
    var id = turnout.submit(session, "hello");

    var end = assertInstanceOf(TurnEvent.Succeeded.class, turnout.end(id, TurnState.SUCCEEDED));

    var pieces = List.of("piece 1/3 ", "piece 2/3 ", "piece 3/3 ");
    var whole = String.join("", pieces);
    assertEquals(whole.strip(), end.answer().text().strip());
    // Codex says nothing of a message before its end.
    assertEquals(cli == RealCli.CODEX ? List.of(whole) : pieces, turnout.pieces(id));
    assertEquals(
        new Usage(OptionalLong.of(100), OptionalLong.of(20), OptionalLong.of(0)),
        end.answer().usage());
    assertTrue(turnout.sessionRef(session).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));
  }

  @ParameterizedTest
  @EnumSource(RealCli.class)
  void modelSystemPromptAndCredentialReachTheApi(RealCli cli) throws InterruptedException {
    var prompt = "You are TERSE-7.\nSay \"yes\" \\ never 'no' — $HOME {model} ünïcödé.";
    var turnout = start(cli, Map.of("turnout.agents.demo.system-prompt", prompt));

    turnout.ask(turnout.session("s"), "hello");

    var asked = turnout.lastAsked();
    assertEquals(1, turnout.api.modelRequests().size());
    assertEquals(cli.model, asked.model());
    assertTrue(asked.authentic(), "with the key of the auth profile");
    var said = Said.in(asked);
    assertTrue(said.anywhere(text -> text.contains(prompt)), asked::body);
    assertFalse(said.byUser(text -> text.contains("TERSE-7") && text.contains("hello")));
  }

  @ParameterizedTest
  @EnumSource(RealCli.class)
  void secondTurnResumesTheClisOwnConversation(RealCli cli) throws InterruptedException {
    var turnout = start(cli, Map.of());
    var session = turnout.session("s");
    turnout.api.next("ok text=\"the first answer\"");
    turnout.ask(session, "the first question");
    var ref = turnout.sessionRef(session);

    turnout.ask(session, "the second question");

    assertConversation(turnout, "the second question");
    assertEquals(ref, turnout.sessionRef(session));
  }

  @ParameterizedTest
  @EnumSource(RealCli.class)
  void anotherReplicaOnTheSameDataResumesTheConversation(RealCli cli) throws InterruptedException {
    var turnout = start(cli, Map.of());
    var session = turnout.session("s");
    turnout.api.next("ok text=\"the first answer\"");
    turnout.ask(session, "the first question");

    turnout.restart();
    turnout.ask(session, "the second question");

    assertConversation(turnout, "the second question");
  }

  /** A conversation that its CLI has lost is told to it anew, and the turn is answered. */
  @ParameterizedTest
  @EnumSource(RealCli.class)
  void lostConversationIsToldAnew(RealCli cli) throws InterruptedException {
    var turnout = start(cli, Map.of());
    var session = turnout.session("s");
    turnout.api.next("ok text=\"the first answer\"");
    turnout.ask(session, "the first question");
    turnout.replica.q.execute(
        "update turnout.session_backend set ref = '01a00000-0000-7000-8000-000000000000'");

    turnout.ask(session, "the second question");

    var said = Said.in(turnout.lastAsked());
    assertTrue(said.byUser(text -> text.contains("the first question")), said::toString);
    assertTrue(said.byUser(text -> text.contains("the first answer")), said::toString);
    assertEquals(2, turnout.api.modelRequests().size());
  }

  /** After an error the session goes on: nothing of it is lost, and nothing of it blocks. */
  @ParameterizedTest
  @EnumSource(RealCli.class)
  void turnAfterAFailedOneIsAnsweredInTheSameConversation(RealCli cli) throws InterruptedException {
    var turnout = start(cli, Map.of("turnout.fallback.retry-budget", "0s"));
    var session = turnout.session("s");
    turnout.api.next("ok text=\"the first answer\"");
    turnout.ask(session, "the first question");
    turnout.api.next("e529");
    turnout.end(turnout.submit(session, "a question that fails"), TurnState.FAILED);

    turnout.ask(session, "the third question");

    assertConversation(turnout, "the third question");
  }

  @ParameterizedTest
  @EnumSource(RealCli.class)
  void whatPassesSoonIsTriedOnceMoreInTheSameConversation(RealCli cli) throws InterruptedException {
    var turnout = start(cli, Map.of());
    var session = turnout.session("s");
    turnout.api.next("ok text=\"the first answer\"");
    turnout.ask(session, "the first question");
    turnout.api.next("e529");

    assertEquals(2, turnout.ask(session, "the second question").attempts().size());

    assertConversation(turnout, "the second question");
    assertEquals(3, turnout.api.modelRequests().size());
  }

  private static void assertConversation(RealCliFixture turnout, String newest) {
    var said = Said.in(turnout.lastAsked());
    assertTrue(said.byUser(text -> text.equals("the first question")), said::toString);
    assertTrue(said.anywhere(text -> text.equals("the first answer")), said::toString);
    assertTrue(said.byUser(text -> text.equals(newest)), said::toString);
    assertFalse(said.anywhere(text -> text.contains("<conversation_so_far>")), said::toString);
  }

  @ParameterizedTest
  @EnumSource(RealCli.class)
  void longTurnAsksNobodyButTheApi(RealCli cli) throws InterruptedException {
    var turnout = start(cli, Map.of());
    turnout.api.otherwise("slow chunks=8 ms=1000");

    turnout.ask(turnout.session("s"), "hello");

    assertEquals(List.of(), turnout.hostsAsked());
  }

  /** Without which the test before this one could not fail. */
  @Test
  void codexAsksOthersWhenThePresetsSwitchIsTakenAway() throws InterruptedException {
    var turnout =
        start(
            RealCli.CODEX,
            Map.of("turnout.backends.cli.args", "exec,--json,--skip-git-repo-check"));
    turnout.api.otherwise("slow chunks=3 ms=1000");

    turnout.ask(turnout.session("s"), "hello");

    assertTrue(
        turnout.hostsAsked().contains("CONNECT github.com:443"),
        () -> turnout.hostsAsked().toString());
    turnout.wayOut.forget();
  }

  @ParameterizedTest
  @EnumSource(RealCli.class)
  void sessionsDoNotReadEachOther(RealCli cli) throws InterruptedException {
    var turnout = start(cli, Map.of());
    SessionId mine = turnout.session("mine");
    turnout.ask(mine, "my secret is green-heron-4711");

    turnout.ask(turnout.session("yours"), "hello");

    assertFalse(turnout.lastAsked().body().contains("green-heron-4711"));
  }
}
