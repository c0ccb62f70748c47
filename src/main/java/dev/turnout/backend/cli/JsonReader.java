package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.BackendEvent;
import dev.turnout.backend.EventSink;
import dev.turnout.failure.FailureSignal;
import dev.turnout.process.ExitStatus;
import dev.turnout.settings.BackendSettings.OutputFields;
import dev.turnout.turn.Answer;
import dev.turnout.turn.Usage;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A CLI that prints JSON, one document in all or one a line, with the facts at configured paths.
 */
final class JsonReader implements OutputReader {
  /** How many lines that are no JSON are let pass: CLIs print a banner or a warning. */
  private static final int STRAY_LINES = 20;

  private final OutputFields fields;
  private final boolean oneDocument;
  private final StringBuilder document = new StringBuilder();
  private final StringBuilder deltas = new StringBuilder();
  private Optional<String> text = Optional.empty();
  private Optional<String> session = Optional.empty();
  private Optional<String> error = Optional.empty();
  private OptionalLong inputTokens = OptionalLong.empty();
  private OptionalLong outputTokens = OptionalLong.empty();
  private Optional<String> unreadable = Optional.empty();
  private boolean anyJson;
  private int stray;
  private String firstStray = "";

  JsonReader(OutputFields fields, boolean oneDocument) {
    this.fields = fields;
    this.oneDocument = oneDocument;
  }

  @Override
  public boolean line(String line, EventSink sink) {
    if (oneDocument) {
      document.append(line).append('\n');
      return true;
    }
    if (line.isBlank()) {
      return true;
    }
    read(line, sink);
    return stray <= STRAY_LINES;
  }

  private void read(String json, EventSink sink) {
    switch (JsonPaths.read(json)) {
      case JsonPaths.Line.Of(var object) -> read(object, sink);
      case JsonPaths.Line.Stray() -> {
        if (stray++ == 0) {
          firstStray = json;
        }
      }
      case JsonPaths.Line.Unreadable(var why) -> unreadable = Optional.of(why);
    }
  }

  private void read(JsonNode object, EventSink sink) {
    anyJson = true;
    JsonPaths.text(object, fields.delta())
        .ifPresent(
            delta -> {
              deltas.append(delta);
              sink.accept(new BackendEvent.Output(delta));
            });
    text = JsonPaths.text(object, fields.text()).or(() -> text);
    session = JsonPaths.text(object, fields.sessionId()).or(() -> session);
    error = JsonPaths.text(object, fields.error()).or(() -> error);
    inputTokens = later(JsonPaths.number(object, fields.inputTokens()), inputTokens);
    outputTokens = later(JsonPaths.number(object, fields.outputTokens()), outputTokens);
  }

  private static OptionalLong later(OptionalLong now, OptionalLong before) {
    return now.isPresent() ? now : before;
  }

  @Override
  public AttemptResult end(ExitStatus exit, String stderrTail) {
    if (oneDocument) {
      read(document.toString(), _ -> {});
    }
    // Structure before the exit code: it says more.
    if (error.isPresent() && !error.get().isBlank()) {
      return failed(
          new FailureSignal.CliReported("command", Map.of("exit", exit.toString()), error.get()));
    }
    var bad = Exits.failure(exit, stderrTail);
    if (bad.isPresent()) {
      return failed(bad.get());
    }
    var answer = text.or(() -> Optional.of(deltas.toString())).get().strip();
    if (!answer.isEmpty()) {
      var usage = new Usage(inputTokens, outputTokens, OptionalLong.empty());
      return new AttemptResult.Answered(new Answer(answer, usage), session);
    }
    if (unreadable.isPresent()) {
      return failed(new FailureSignal.ProtocolBroken(unreadable.get()));
    }
    if (anyJson || (oneDocument && document.toString().isBlank()) || (stray == 0 && !oneDocument)) {
      return failed(new FailureSignal.AnsweredNothing());
    }
    return failed(new FailureSignal.ProtocolBroken("JSON was expected, this came: " + firstStray));
  }

  private AttemptResult failed(FailureSignal signal) {
    return new AttemptResult.Failed(signal, session);
  }
}
