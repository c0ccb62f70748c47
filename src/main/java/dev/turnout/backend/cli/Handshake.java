package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.failure.FailureSignal;
import dev.turnout.livesession.LiveGreeting;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The greeting of agents that speak JSON-RPC: {@code initialize}, and the answer to it. */
final class Handshake implements LiveGreeting {
  /** Who we are, in the parameters. */
  static final Map<String, String> CLIENT = Map.of("name", "turnout", "version", "1");

  private final long id = JsonRpc.newId();
  private final Map<String, ?> params;
  private final Function<JsonNode, Optional<FailureSignal>> refusal;
  private final Consumer<FailureSignal> refused;

  /**
   * One that is not sent yet.
   *
   * @param refusal why an agent that answers so is of no use, if it is of none
   * @param refused told of that
   */
  Handshake(
      Map<String, ?> params,
      Function<JsonNode, Optional<FailureSignal>> refusal,
      Consumer<FailureSignal> refused) {
    this.params = params;
    this.refusal = refusal;
    this.refused = refused;
  }

  @Override
  public String text() {
    return JsonRpc.request(id, "initialize", params);
  }

  @Override
  public Verdict of(String line) {
    return switch (JsonPaths.read(line)) {
      case JsonPaths.Line.Of(var node) when JsonRpc.isAnswer(node, id) -> of(refusal.apply(node));
      case JsonPaths.Line.Of _, JsonPaths.Line.Stray() -> Verdict.OPEN;
      // Probably the answer; who waits for another waits for its limit.
      case JsonPaths.Line.Unreadable(var why) ->
          of(Optional.of(new FailureSignal.ProtocolBroken(why)));
    };
  }

  private Verdict of(Optional<FailureSignal> why) {
    why.ifPresent(refused);
    return why.isEmpty() ? Verdict.READY : Verdict.REFUSED;
  }
}
