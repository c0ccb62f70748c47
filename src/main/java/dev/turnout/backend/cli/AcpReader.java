package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.BackendEvent;
import dev.turnout.backend.EventSink;
import dev.turnout.failure.FailureSignal;
import dev.turnout.process.ExitStatus;
import dev.turnout.turn.Answer;
import dev.turnout.turn.Usage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The updates of an ACP session and the answer to its prompt. What it is given has been sorted by
 * {@link AcpLines}: no other turn's, and no conversation that is repeated.
 */
final class AcpReader implements OutputReader {
  private final Sieve sieve = new Sieve();
  private final AcpAgent agent;
  private final StringBuilder answer = new StringBuilder();
  private final Set<String> tools = new HashSet<>();
  private final Set<String> ended = new HashSet<>();
  private final List<BackendEvent> pending = new ArrayList<>();
  private Optional<String> session;
  private Optional<String> aside = Optional.empty();
  private Optional<String> stopReason = Optional.empty();
  private Optional<FailureSignal> failure = Optional.empty();
  private Usage usage = Usage.UNKNOWN;
  private boolean keepsSession = true;
  private boolean spoken;
  private boolean toolSinceText;
  private boolean heardOfModel;

  /** For a turn in this conversation. */
  AcpReader(AcpAgent agent, Optional<String> resumed) {
    this.agent = agent;
    this.session = resumed;
  }

  /** The session is open. */
  void opened(String id) {
    session = Optional.of(id);
  }

  /** The agent knows nothing of the session once its process is gone. */
  void forgetsSession() {
    keepsSession = false;
  }

  /** The turn never got to the model. The first failure is the one that counts. */
  void failed(FailureSignal signal) {
    failure = failure.or(() -> Optional.of(signal));
  }

  FailureSignal errorOf(JsonNode answered) {
    return AcpFailures.read(agent, answered);
  }

  /** The agent can use no server at an address, and so not this one. */
  void cannotReach(String server) {
    pending.add(
        new BackendEvent.Notice(
            "the agent takes no MCP servers over HTTP, and is without the tools of " + server));
  }

  @Override
  public boolean line(String line, EventSink sink) {
    pending.forEach(sink::accept);
    pending.clear();
    var object = sieve.object(line);
    if (object.isEmpty()) {
      return true;
    }
    var node = object.get();
    if (node.has("method")) {
      update(node.path("params").path("update"), sink);
    } else if (node.has("error")) {
      failed(errorOf(node));
    } else {
      stopReason = JsonPaths.text(node, "result.stopReason").or(() -> stopReason);
      usage = usage(node.path("result"));
      if (agent == AcpAgent.GEMINI && spoken && usage.inputTokens().equals(OptionalLong.of(0))) {
        // It ends a turn well when an error comes within the stream; only the count is missing
        // then. A gateway may never count, so that this is no failure.
        sink.accept(
            new BackendEvent.Notice(
                "the agent has counted no tokens: its answer may have been cut off"));
      }
    }
    return true;
  }

  private void update(JsonNode update, EventSink sink) {
    switch (update.path("sessionUpdate").asText()) {
      case "agent_message_chunk" ->
          JsonPaths.text(update, "content.text").ifPresent(text -> said(update, text, sink));
      case "agent_thought_chunk" -> heardOfModel = true;
      // A call may be over when it is first told of; then there may be no more updates.
      case "tool_call", "tool_call_update" -> {
        tool(update, sink);
        toolEnded(update, sink);
      }
      default -> {}
    }
  }

  private void said(JsonNode update, String text, EventSink sink) {
    heardOfModel = true;
    if (agent == AcpAgent.CODEX && !update.has("messageId")) {
      // Its own words: warnings, and how a turn failed.
      aside = Optional.of(text);
      sink.accept(new BackendEvent.Notice(text.strip()));
      return;
    }
    if (toolSinceText) {
      // What it said before a tool's call is streamed, but is not the answer.
      answer.setLength(0);
      toolSinceText = false;
      if (spoken) {
        sink.accept(new BackendEvent.Output("\n\n"));
      }
    }
    answer.append(text);
    spoken = true;
    sink.accept(new BackendEvent.Output(text));
  }

  /** Some agents show a call only when it is over. */
  private void tool(JsonNode update, EventSink sink) {
    heardOfModel = true;
    toolSinceText = true;
    if (tools.add(update.path("toolCallId").asText())) {
      sink.accept(
          new BackendEvent.ToolStarted(
              JsonPaths.text(update, "toolCallId"),
              JsonPaths.text(update, "title")
                  .or(() -> JsonPaths.text(update, "kind"))
                  .orElse("tool"),
              JsonPaths.text(update, "rawInput").orElse("")));
    }
  }

  private void toolEnded(JsonNode update, EventSink sink) {
    var status = update.path("status").asText();
    boolean over = status.equals("completed") || status.equals("failed");
    if (over && ended.add(update.path("toolCallId").asText())) {
      sink.accept(
          new BackendEvent.ToolEnded(
              JsonPaths.text(update, "toolCallId"),
              status.equals("failed"),
              JsonPaths.text(update, "content.0.content.text")
                  .or(() -> JsonPaths.text(update, "rawOutput"))
                  .orElse("")));
    }
  }

  /** Neither way is in the protocol's first version; each is in use. */
  private static Usage usage(JsonNode result) {
    var usage = result.path("usage");
    if (usage.isObject()) {
      return new Usage(
          JsonPaths.number(usage, "inputTokens"),
          JsonPaths.number(usage, "outputTokens"),
          JsonPaths.number(usage, "cachedReadTokens"));
    }
    return new Usage(
        JsonPaths.number(result, "_meta.quota.token_count.input_tokens"),
        JsonPaths.number(result, "_meta.quota.token_count.output_tokens"),
        OptionalLong.empty());
  }

  @Override
  public boolean heardOfModel() {
    return heardOfModel;
  }

  @Override
  public AttemptResult end(ExitStatus exit, String stderrTail) {
    var known = session.filter(_ -> keepsSession);
    return failure
        .or(() -> ending(exit, stderrTail))
        .<AttemptResult>map(signal -> new AttemptResult.Failed(signal, known))
        .orElseGet(() -> new AttemptResult.Answered(new Answer(answer.toString(), usage), known));
  }

  private Optional<FailureSignal> ending(ExitStatus exit, String stderrTail) {
    if (stopReason.isEmpty()) {
      return Optional.of(
          Exits.failure(exit, stderrTail)
              .orElseGet(
                  () -> sieve.unfinished("JSON-RPC", "the agent did not answer the prompt")));
    }
    boolean counted = usage.inputTokens().isPresent();
    return switch (stopReason.get()) {
      case "end_turn" ->
          AcpFailures.toldAsAnswer(agent, aside, answer.toString(), counted)
              .or(
                  () ->
                      answer.toString().isBlank()
                          ? Optional.of(new FailureSignal.AnsweredNothing())
                          : Optional.empty());
      case "refusal" -> Optional.of(new FailureSignal.Refused("refusal", answer.toString()));
      default ->
          Optional.of(
              new FailureSignal.CliReported(
                  agent.cli,
                  Map.of("stop_reason", stopReason.get()),
                  "the turn ended with " + stopReason.get()));
    };
  }
}
