package dev.turnout.testing;

import dev.turnout.testing.FakeWriter.Reply;
import dev.turnout.testing.FakeWriter.Stop;
import dev.turnout.testing.FakeWriter.ToolCall;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plays one behaviour for one request. */
final class FakeScript {
  /** Those that break a reply, and that {@code fallbackok=1} keeps to streams. */
  private static final Set<String> BROKEN = Set.of("sseerror", "drop", "stall", "empty", "garbage");

  private static final Set<String> WHOLE =
      Set.of("ok", "slow", "wait", "tool", "long", "refusal", "maxtokens", "thinking");
  private static final int PIECE_LENGTH = 16;
  private static final Duration FOR_EVER = Duration.ZERO;

  private final FakeHttpServer.Exchange exchange;
  private final FakeRequest request;
  private final FakeBehaviour behaviour;
  private final FakeWriter writer;

  FakeScript(FakeHttpServer.Exchange exchange, FakeRequest request, FakeBehaviour behaviour) {
    this.exchange = exchange;
    this.request = request;
    this.behaviour = behaviour;
    this.writer = FakeWriter.of(exchange, request);
  }

  void play() throws IOException {
    var name = behaviour.name();
    if (FakeErrors.knows(name)) {
      FakeErrors.send(exchange, request.dialect(), behaviour);
    } else if (name.equals("hang")) {
      exchange.pause(FOR_EVER);
    } else if (name.equals("dropnow")) {
      exchange.drop();
    } else if (BROKEN.contains(name) && (request.stream() || !behaviour.has("fallbackok"))) {
      breakOff();
    } else if (WHOLE.contains(name) || BROKEN.contains(name)) {
      answer();
    } else {
      throw new IllegalArgumentException("no such behaviour: " + name);
    }
  }

  private void answer() throws IOException {
    if (behaviour.name().equals("wait")) {
      exchange.pause(behaviour.millis(3_000));
    }
    var reply = reply();
    if (!request.stream()) {
      exchange.reply(
          200,
          Map.of("content-type", "application/json", "request-id", FakeJson.id("req_")),
          FakeJson.text(writer.document(reply)));
      return;
    }
    writer.open(reply);
    if (reply.thinking().isPresent()) {
      writer.thinking(reply.thinking().get());
    }
    for (var piece : reply.pieces()) {
      if (behaviour.name().equals("slow")) {
        exchange.pause(behaviour.millis(400));
      }
      writer.text(piece);
    }
    writer.done(reply);
  }

  private Reply reply() {
    var said = reply(split(text()), Stop.END);
    return switch (behaviour.name()) {
      case "slow" -> reply(slowPieces(behaviour.number("chunks", 5)), Stop.END);
      case "long" ->
          reply(split("0123456789".repeat(behaviour.number("chars", 20_000) / 10)), Stop.END);
      case "maxtokens" -> reply(said.pieces(), Stop.MAX_TOKENS);
      case "refusal" -> reply(said.pieces(), Stop.REFUSAL);
      case "thinking" ->
          new Reply(said.pieces(), Optional.of("fake thoughts"), said.tool(), Stop.END, 0);
      case "tool" -> toolReply();
      default -> said;
    };
  }

  private Reply toolReply() {
    var results = request.currentTurn().stream().flatMap(m -> m.results().stream()).toList();
    if (results.size() >= behaviour.number("calls", 1)) {
      return reply(split("FAKE-TOOL-DONE result=" + results.getLast()), Stop.END);
    }
    var call =
        new ToolCall(
            request.tool(behaviour.text("name", "")), FakeJson.tree(behaviour.text("input", "")));
    return new Reply(split("calling a tool"), Optional.empty(), Optional.of(call), Stop.TOOL, 0);
  }

  private Reply reply(List<String> pieces, Stop stop) {
    return new Reply(
        pieces, Optional.empty(), Optional.empty(), stop, behaviour.number("cached", 0));
  }

  private void breakOff() throws IOException {
    var name = behaviour.name();
    if (name.equals("empty")) {
      var type = request.stream() ? "text/event-stream" : "application/json";
      exchange.reply(200, Map.of("content-type", type), "");
    } else if (name.equals("garbage")) {
      exchange.reply(
          200, Map.of("content-type", "text/html"), "<html>login to the corporate proxy</html>");
    } else if (request.stream()) {
      breakOffTheStream();
    } else if (name.equals("stall")) {
      exchange.pause(FOR_EVER);
    } else if (name.equals("sseerror")) {
      FakeErrors.send(exchange, request.dialect(), FakeBehaviour.parse("e529"));
    } else {
      exchange.drop();
    }
  }

  private void breakOffTheStream() throws IOException {
    writer.open(reply(List.of(), Stop.END));
    var pieces = split(text());
    for (var i = 0; i < behaviour.number("after", 1); i++) {
      writer.text(pieces.get(i % pieces.size()));
    }
    switch (behaviour.name()) {
      case "sseerror" ->
          writer.error(
              behaviour.text("type", "overloaded_error"), behaviour.text("message", "Overloaded"));
      case "stall" -> exchange.pause(FOR_EVER);
      default -> exchange.drop();
    }
  }

  private String text() {
    return behaviour.text(
        "text",
        request.sideQuestion()
            ? "{}"
            : "FAKE-OK turn=" + request.turnNumber() + " model=" + request.model());
  }

  private static List<String> slowPieces(int count) {
    var pieces = new ArrayList<String>();
    for (var i = 1; i <= count; i++) {
      pieces.add("piece " + i + "/" + count + " ");
    }
    return List.copyOf(pieces);
  }

  private static List<String> split(String text) {
    var pieces = new ArrayList<String>();
    for (var at = 0; at < text.length(); at += PIECE_LENGTH) {
      pieces.add(text.substring(at, Math.min(text.length(), at + PIECE_LENGTH)));
    }
    return List.copyOf(pieces);
  }
}
