package dev.turnout.backend.cli;

import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.BackendEvent;
import dev.turnout.backend.EventSink;
import dev.turnout.livesession.LiveExchange;
import dev.turnout.livesession.LiveObserver;
import dev.turnout.process.ExitStatus;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A turn with a living process, read by the reader that its dialect has for single turns. */
final class ReaderExchange implements LiveExchange {
  private final LiveLines lines;
  private final OutputReader reader;
  private final EventSink sink;
  private final String prompt;
  private final boolean showsTheModelsBeginning;
  private final UnaryOperator<AttemptResult> completion;
  private boolean muted;
  private @Nullable AttemptResult result;

  /**
   * A turn that is about to be asked.
   *
   * @param completion adds to a result what the reader cannot know
   */
  ReaderExchange(
      LiveLines lines,
      OutputReader reader,
      EventSink sink,
      String prompt,
      boolean showsTheModelsBeginning,
      UnaryOperator<AttemptResult> completion) {
    this.lines = lines;
    this.reader = reader;
    this.sink =
        event -> {
          if (!muted) {
            sink.accept(event);
          }
        };
    this.prompt = prompt;
    this.showsTheModelsBeginning = showsTheModelsBeginning;
    this.completion = completion;
  }

  @Override
  public String input() {
    return lines.input(prompt);
  }

  @Override
  public void servedBy(String id, LiveObserver.Got how) {
    boolean reused =
        switch (how) {
          case KEPT, WARM -> true;
          case STARTED, ONE_SHOT -> false;
        };
    sink.accept(new BackendEvent.LiveProcess(id, how.code(), reused));
  }

  @Override
  public void early(String line) {
    var _ = reader.line(line, sink);
  }

  @Override
  public Heard hear(String line) {
    var node = JsonPaths.object(line);
    if (node.isEmpty()) {
      var _ = reader.line(line, sink);
      return new Heard.GoesOn();
    }
    return switch (lines.of(node.get())) {
      case LiveLines.Meaning.Aside() -> new Heard.GoesOn();
      case LiveLines.Meaning.Question(var answer) -> new Heard.Reply(answer);
      case LiveLines.Meaning.Part() -> {
        var _ = reader.line(line, sink);
        yield new Heard.GoesOn();
      }
      case LiveLines.Meaning.End() -> {
        var _ = reader.line(line, sink);
        yield new Heard.Ended(ref(end(new ExitStatus.Exited(0), "")));
      }
    };
  }

  private static Optional<String> ref(AttemptResult result) {
    return switch (result) {
      case AttemptResult.Answered(_, var ref) -> ref;
      case AttemptResult.Failed(_, var ref) -> ref;
      case AttemptResult.Aborted() -> Optional.empty();
    };
  }

  /** What the turn amounts to, when this is how it ended. */
  AttemptResult end(ExitStatus exit, String stderr) {
    var known = result;
    if (known == null) {
      known = completion.apply(reader.end(exit, stderr));
      result = known;
    }
    return known;
  }

  boolean heardOfModel() {
    return reader.heardOfModel();
  }

  @Override
  public boolean begun() {
    return reader.heardOfModel() || !showsTheModelsBeginning;
  }

  @Override
  public Optional<String> interruption() {
    muted = true;
    return lines.interruption();
  }
}
