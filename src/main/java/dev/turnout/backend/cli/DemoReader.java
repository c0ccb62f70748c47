package dev.turnout.backend.cli;

import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.BackendEvent;
import dev.turnout.backend.EventSink;
import dev.turnout.failure.FailureSignal;
import dev.turnout.process.ExitStatus;
import dev.turnout.turn.Answer;
import dev.turnout.turn.Usage;
import java.util.Optional;

/** The demo agent's lines. */
final class DemoReader implements OutputReader {
  private Optional<String> session = Optional.empty();
  private Optional<String> text = Optional.empty();

  @Override
  public boolean line(String line, EventSink sink) {
    JsonPaths.object(line)
        .ifPresent(
            object -> {
              var said = JsonPaths.text(object, "text").orElse("");
              switch (JsonPaths.text(object, "type").orElse("")) {
                case "session" -> session = JsonPaths.text(object, "session");
                case "delta" -> sink.accept(new BackendEvent.Output(said));
                case "tool_started" ->
                    sink.accept(
                        new BackendEvent.ToolStarted(
                            Optional.empty(),
                            JsonPaths.text(object, "name").orElse(""),
                            JsonPaths.text(object, "input").orElse("")));
                case "tool_ended" ->
                    sink.accept(
                        new BackendEvent.ToolEnded(
                            Optional.empty(), false, JsonPaths.text(object, "output").orElse("")));
                case "result" -> text = Optional.of(said);
                default -> {}
              }
            });
    return true;
  }

  @Override
  public AttemptResult end(ExitStatus exit, String stderrTail) {
    if (exit.equals(new ExitStatus.Exited(3))) {
      return AttemptResult.Failed.of(
          new FailureSignal.SessionUnknown(session.orElse("?"), stderrTail));
    }
    var bad = Exits.failure(exit, stderrTail);
    if (bad.isPresent()) {
      return new AttemptResult.Failed(bad.get(), session);
    }
    return text.<AttemptResult>map(
            answer -> new AttemptResult.Answered(new Answer(answer, Usage.UNKNOWN), session))
        .orElseGet(() -> AttemptResult.Failed.of(new FailureSignal.AnsweredNothing()));
  }
}
