package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.BackendEvent;
import dev.turnout.failure.FailureSignal;
import dev.turnout.livesession.LiveExchange.Heard;
import dev.turnout.livesession.LiveGreeting;
import dev.turnout.livesession.LiveGreeting.Verdict;
import dev.turnout.process.ExitStatus;
import dev.turnout.settings.AgentTools;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Which of Claude Code's lines are this turn's; the lines are those that it really writes. */
class ClaudeLinesTest {
  private static final String SESSION = "\"session_id\":\"8b5c7166-0f19-4572-8c8d-862f7a02439a\"";

  private final ClaudeReader reader = new ClaudeReader();
  private final ClaudeLines lines = new ClaudeLines(reader::refused);
  private final FakeOutside outside = new FakeOutside();
  private final List<BackendEvent> events = new ArrayList<>();
  private final ReaderExchange exchange =
      new ReaderExchange(
          lines,
          reader,
          events::add,
          "hello",
          true,
          new AgentPermissions(AgentTools.NONE, outside, UnaryOperator.identity()),
          new Steering(lines, outside, UnaryOperator.identity()),
          UnaryOperator.identity());
  private final String id = JsonPaths.object(exchange.input()).orElseThrow().path("uuid").asText();

  private Heard lifecycle(String uuid, String state) {
    return exchange.hear(
        "{\"type\":\"command_lifecycle\",\"command_uuid\":\"%s\",\"state\":\"%s\",%s}"
            .formatted(uuid, state, SESSION));
  }

  private Heard result(String text, String more) {
    return exchange.hear(
        "{\"is_error\":false,\"stop_reason\":\"end_turn\",\"result\":\"%s\",%s%s,\"type\":\"result\"}"
            .formatted(text, more, SESSION));
  }

  private Heard delta(String text) {
    return exchange.hear(
        """
        {"type":"stream_event","event":{"type":"content_block_delta","index":0,\
        "delta":{"type":"text_delta","text":"%s"}},%s}"""
            .formatted(text, SESSION));
  }

  @Test
  void resultOfThisInputEndsTheTurnWithItsConversation() {
    lifecycle(id, "queued");
    assertFalse(exchange.begun());
    lifecycle(id, "started");
    delta("Hello");

    var end = result("Hello", "\"user_message_uuids\":[\"" + id + "\"],");

    assertEquals(new Heard.Ended(Optional.of("8b5c7166-0f19-4572-8c8d-862f7a02439a")), end);
    var answered =
        assertInstanceOf(AttemptResult.Answered.class, exchange.end(new ExitStatus.Exited(0), ""));
    assertEquals("Hello", answered.answer().text());
    assertEquals(List.of(new BackendEvent.Output("Hello")), events);
  }

  @Test
  void whatComesBeforeItsInputIsTakenUpIsOfAnEarlierTurn() {
    assertEquals(new Heard.GoesOn(), delta("late"));
    assertEquals(new Heard.GoesOn(), result("late", ""));
    lifecycle("11111111-1111-4111-8111-111111111111", "completed");
    assertEquals(new Heard.GoesOn(), result("late too", ""));
    lifecycle(id, "started");
    assertEquals(
        new Heard.GoesOn(),
        result(
            "late even now", "\"user_message_uuids\":[\"11111111-1111-4111-8111-111111111111\"],"));

    assertInstanceOf(Heard.Ended.class, result("mine", "\"user_message_uuid\":\"" + id + "\","));

    assertEquals(List.of(), events);
  }

  /** A task that an earlier turn left behind may report while our input is on its way. */
  @Test
  void whatTheCliDoesOfItselfWhileTheInputIsQueuedIsNobodysAnswer() {
    lifecycle(id, "queued");
    delta("the task in the background is done");

    assertEquals(new Heard.GoesOn(), result("the task in the background is done", ""));

    assertEquals(List.of(), events);
    lifecycle(id, "started");
    delta("Hello");
    assertInstanceOf(
        Heard.Ended.class, result("Hello", "\"user_message_uuids\":[\"" + id + "\"],"));
    assertEquals(List.of(new BackendEvent.Output("Hello")), events);
  }

  @Test
  void resultOfAnInterruptedTurnNamesNoInputAndIsItsEnd() {
    lifecycle(id, "started");
    delta("piece 1");
    assertTrue(exchange.interruption().orElseThrow().contains("\"interrupt\""));
    delta("piece 2");

    var end =
        exchange.hear(
            "{\"subtype\":\"error_during_execution\",\"is_error\":true,"
                + "\"terminal_reason\":\"aborted_streaming\","
                + SESSION
                + ",\"type\":\"result\"}");

    assertInstanceOf(Heard.Ended.class, end);
    assertEquals(List.of(new BackendEvent.Output("piece 1")), events);
  }

  private Heard interrupted() {
    return exchange.hear(
        "{\"subtype\":\"error_during_execution\",\"is_error\":true,\"type\":\"result\","
            + SESSION
            + "}");
  }

  private void answerInterruption(String line, String answer) {
    var request = JsonPaths.object(line).orElseThrow().path("request_id").asText();
    exchange.hear(
        "{\"type\":\"control_response\",\"response\":{\"subtype\":\"success\",\"request_id\":\"%s\",\"response\":{%s}}}"
            .formatted(request, answer));
  }

  /** The message is queued, and its interruption written. */
  private String interruptionWithAMessageQueued() {
    lifecycle(id, "started");
    var message = outside.say("and this");
    assertEquals(1, exchange.toSay().size());
    lifecycle(message.toString(), "queued");
    var interruption = exchange.interruption().orElseThrow();
    assertTrue(interruption.contains("\"cancel_queued\":true"), interruption);
    return interruption;
  }

  @Test
  void interruptedTurnEndsOnceNothingOfItIsQueued() {
    answerInterruption(
        interruptionWithAMessageQueued(), "\"still_queued\":[],\"cancelled\":[\"x\"]");

    assertInstanceOf(Heard.Ended.class, interrupted());
  }

  @Test
  void interruptedTurnHasNoEndWhereWhatIsQueuedWouldStillRun() {
    var interruption = interruptionWithAMessageQueued();
    answerInterruption(interruption, "\"still_queued\":[\"x\"]");
    assertEquals(new Heard.GoesOn(), interrupted());
  }

  @Test
  void interruptedTurnHasNoEndWhereTheCliDoesNotSayWhatIsQueued() {
    answerInterruption(interruptionWithAMessageQueued(), "");
    assertEquals(new Heard.GoesOn(), interrupted());
  }

  @Test
  void questionOfNoTurnIsRefused() {
    var asked =
        exchange.unasked(
            "{\"type\":\"control_request\",\"request_id\":\"q7\",\"request\":{\"subtype\":\"can_use_tool\"}}");

    var reply = asked.orElseThrow();
    assertTrue(reply.contains("\"request_id\":\"q7\"") && reply.contains("\"error\""), reply);
    assertEquals(Optional.empty(), exchange.unasked("{\"type\":\"result\"}"));
    assertEquals(Optional.empty(), exchange.unasked("no JSON"));
  }

  @Test
  void questionIsAnsweredThatNobodyIsThere() {
    var heard =
        exchange.hear(
            "{\"type\":\"control_request\",\"request_id\":\"q1\",\"request\":{\"subtype\":\"elicitation\"}}");

    var reply = assertInstanceOf(Heard.Reply.class, heard).line();
    assertTrue(reply.contains("\"request_id\":\"q1\""), reply);
    assertTrue(reply.contains("\"error\""), reply);
    assertEquals(reply.length() - 1, reply.indexOf('\n'));
  }

  @Test
  void greetingIsAnsweredByItsOwnResponseAlone() {
    var greeting = lines.greeting();

    assertEquals(Verdict.OPEN, greeting.of(answer("success", "another")));
    assertEquals(Verdict.OPEN, greeting.of(answer("error", "another")));
    assertEquals(Verdict.READY, greeting.of(answer("success", request(greeting))));
  }

  @Test
  void refusedGreetingIsTheTurnsFailureWithItsReason() {
    var greeting = lines.greeting();

    assertEquals(Verdict.REFUSED, greeting.of(answer("error", request(greeting))));

    var failed =
        assertInstanceOf(AttemptResult.Failed.class, exchange.end(new ExitStatus.Exited(0), ""));
    assertEquals(
        new FailureSignal.CliReported("claude", Map.of(), "initialize was refused: not today"),
        failed.signal());
  }

  private static String request(LiveGreeting greeting) {
    return JsonPaths.object(greeting.text()).orElseThrow().path("request_id").asText();
  }

  private static String answer(String subtype, String request) {
    return "{\"type\":\"control_response\",\"response\":{\"subtype\":\"%s\",\"request_id\":\"%s\",\"error\":\"not today\"}}"
        .formatted(subtype, request);
  }

  @Test
  void inputIsOneLineOfAscii() {
    var line = lines.input("a\nb\u2028c\u0000 \ud83d {\"type\":\"user\"}");

    assertEquals(line.length() - 1, line.indexOf('\n'));
    assertTrue(line.chars().allMatch(c -> c == '\n' || (c >= 0x20 && c < 0x7f)), line);
  }

  @Test
  void questionAboutAToolNamesItAndIsAnsweredInItsWords() {
    var asks = assertInstanceOf(LiveLines.Meaning.Asks.class, lines.of(question("Read")));

    assertEquals(
        new AgentQuestion("r1", List.of("Read"), "Read", Optional.empty(), "{\"path\":\"x\"}"),
        asks.question());
    var yes = asks.reply().line(true, "");
    assertTrue(yes.contains("\"behavior\":\"allow\""), yes);
    assertTrue(yes.contains("\"updatedInput\":{\"path\":\"x\"}"), yes);
    assertTrue(yes.contains("\"request_id\":\"r1\""), yes);
    var no = asks.reply().line(false, "not\ntoday");
    assertTrue(no.contains("\"behavior\":\"deny\"") && no.contains("\"not\\ntoday\""), no);
  }

  @Test
  void messageIntoATurnIsAnsweredWithItOrByAResultOfItsOwn() {
    lifecycle(id, "started");
    var first = outside.say("more").toString();
    var line = exchange.toSay().getFirst();
    assertTrue(line.contains("\"text\":\"more\"") && line.contains(first), line);
    lifecycle(first, "queued");
    assertEquals(List.of(first + " true"), outside.took);
    var second = outside.say("and more").toString();
    exchange.toSay();
    lifecycle(second, "queued");
    lifecycle(first, "started");

    var both = "\"user_message_uuids\":[\"" + id + "\",\"" + first + "\"],";
    assertEquals(new Heard.GoesOn(), result("Hello", both));
    var end = result("More", "\"user_message_uuids\":[\"" + second + "\"],");

    assertInstanceOf(Heard.Ended.class, end);
    var answered =
        assertInstanceOf(AttemptResult.Answered.class, exchange.end(new ExitStatus.Exited(0), ""));
    assertEquals("Hello\n\nMore", answered.answer().text());
  }

  @Test
  void questionThatTheCliGivesUpIsWithdrawn() {
    var line = "{\"type\":\"control_cancel_request\",\"request_id\":\"r1\"}";

    assertEquals(
        new LiveLines.Meaning.Withdraws("r1"), lines.of(JsonPaths.object(line).orElseThrow()));
  }

  private static JsonNode question(String tool) {
    return JsonPaths.object(
            "{\"type\":\"control_request\",\"request_id\":\"r1\",\"request\":{\"subtype\":\"can_use_tool\","
                + "\"tool_name\":\""
                + tool
                + "\",\"input\":{\"path\":\"x\"}}}")
        .orElseThrow();
  }
}
