package dev.turnout.backend.cli;

import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.BackendEvent;
import dev.turnout.backend.EventSink;
import dev.turnout.failure.FailureSignal;
import dev.turnout.process.ExitStatus;
import dev.turnout.turn.Answer;
import dev.turnout.turn.Usage;
import java.util.Optional;

/** A CLI whose stdout is its answer. */
final class TextReader implements OutputReader {
  private final StringBuilder answer = new StringBuilder();

  @Override
  public boolean line(String line, EventSink sink) {
    return true;
  }

  @Override
  public void piece(String text, EventSink sink) {
    answer.append(text);
    sink.accept(new BackendEvent.Output(text));
  }

  @Override
  public AttemptResult end(ExitStatus exit, String stderrTail) {
    var failed = Exits.failure(exit, stderrTail);
    if (failed.isPresent()) {
      return AttemptResult.Failed.of(failed.get());
    }
    var text = answer.toString().strip();
    return text.isEmpty()
        ? AttemptResult.Failed.of(new FailureSignal.AnsweredNothing())
        : new AttemptResult.Answered(new Answer(text, Usage.UNKNOWN), Optional.empty());
  }
}
