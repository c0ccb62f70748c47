package dev.turnout.backend.cli;

import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.BackendEvent;
import dev.turnout.backend.EventSink;
import dev.turnout.failure.FailureSignal;
import dev.turnout.livesession.LiveExchange;
import dev.turnout.livesession.LiveObserver;
import dev.turnout.process.ExitStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A turn with a living process, read by the reader that its dialect has for single turns. */
final class ReaderExchange implements LiveExchange {
  private final LiveLines lines;
  private final OutputReader reader;
  private final EventSink sink;
  private final String prompt;
  private final boolean showsTheModelsBeginning;
  private final AgentPermissions permissions;
  private final Steering steering;
  private final UnaryOperator<AttemptResult> completion;
  private final Set<String> openTools = new HashSet<>();
  private boolean muted;
  private boolean asked;
  private boolean ended;
  private boolean outOfStep;
  private @Nullable AttemptResult result;

  /**
   * A turn that is about to be asked.
   *
   * @param permissions what the agent may do that asks
   * @param steering what it is told while it works
   * @param completion adds to a result what the reader cannot know
   */
  ReaderExchange(
      LiveLines lines,
      OutputReader reader,
      EventSink sink,
      String prompt,
      boolean showsTheModelsBeginning,
      AgentPermissions permissions,
      Steering steering,
      UnaryOperator<AttemptResult> completion) {
    this.lines = lines;
    this.reader = reader;
    this.sink =
        event -> {
          watch(event);
          if (!muted) {
            sink.accept(event);
          }
        };
    this.prompt = prompt;
    this.showsTheModelsBeginning = showsTheModelsBeginning;
    this.permissions = permissions;
    this.steering = steering;
    this.completion = completion;
  }

  /** A tool without a name of its own is open until any of its like has ended. */
  private void watch(BackendEvent event) {
    switch (event) {
      case BackendEvent.ToolStarted(var id, _, _) -> openTools.add(id.orElse(""));
      case BackendEvent.ToolEnded(var id, _, _) -> openTools.remove(id.orElse(""));
      case BackendEvent.Output _, BackendEvent.Notice _, BackendEvent.LiveProcess _ -> {}
    }
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
  public Optional<String> unasked(String line) {
    return JsonPaths.object(line).flatMap(lines::unasked);
  }

  @Override
  public Heard hear(String line) {
    return switch (JsonPaths.read(line)) {
      case JsonPaths.Line.Of(var node) -> heard(lines.of(node), line);
      case JsonPaths.Line.Stray() -> {
        var _ = reader.line(line, sink);
        yield new Heard.GoesOn();
      }
      case JsonPaths.Line.Unreadable(var why) -> lost(why);
    };
  }

  /** It may have been a question or the end of the turn: who waits for more may wait for ever. */
  private Heard lost(String why) {
    outOfStep = true;
    ended = true;
    if (result == null) {
      result = completion.apply(AttemptResult.Failed.of(new FailureSignal.ProtocolBroken(why)));
    }
    return new Heard.Ended(Optional.empty());
  }

  /** Whether the process may be at work on this turn still, though the turn is over. */
  boolean isOutOfStep() {
    return outOfStep;
  }

  private Heard heard(LiveLines.Meaning meaning, String line) {
    return switch (meaning) {
      case LiveLines.Meaning.Aside() -> new Heard.GoesOn();
      case LiveLines.Meaning.Question(var answer) -> new Heard.Reply(answer);
      case LiveLines.Meaning.Asks(var question, var reply) -> asks(question, reply);
      case LiveLines.Meaning.Withdraws(var question) -> {
        permissions.withdrawn(question);
        yield new Heard.GoesOn();
      }
      case LiveLines.Meaning.Steered(var id, var taken) -> {
        steering.answered(id, taken);
        yield ended ? end() : new Heard.GoesOn();
      }
      case LiveLines.Meaning.Part() -> {
        var _ = reader.line(line, sink);
        yield new Heard.GoesOn();
      }
      case LiveLines.Meaning.End() -> {
        var _ = reader.line(line, sink);
        ended = true;
        yield end();
      }
    };
  }

  /** The turn is over once it is known what became of all that was said to it. */
  private Heard end() {
    return steering.isOpen() && !muted
        ? new Heard.GoesOn()
        : new Heard.Ended(ref(end(new ExitStatus.Exited(0), "")));
  }

  private Heard asks(AgentQuestion question, AgentQuestion.Reply reply) {
    asked = true;
    // A turn that is let go of asks nobody any more.
    var answer = muted ? Optional.of(false) : permissions.decide(question, reply);
    if (answer.isEmpty()) {
      return new Heard.GoesOn();
    }
    if (!answer.get()) {
      sink.accept(new BackendEvent.Notice("the agent was not allowed to use " + question.tool()));
    }
    return new Heard.Reply(reply.line(answer.get(), AgentPermissions.AGAINST_THE_RULES));
  }

  @Override
  public List<String> toSay() {
    var lines = new ArrayList<>(permissions.answered());
    if (!muted && !ended) {
      lines.addAll(steering.toSay());
    }
    return lines;
  }

  @Override
  public boolean mayBeSilent() {
    return permissions.isWaiting() || !openTools.isEmpty();
  }

  /** The process is no longer heard: what it asked needs no answer. */
  void over() {
    var _ = permissions.over();
    steering.over();
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
    return asked || reader.heardOfModel();
  }

  @Override
  public boolean begun() {
    return heardOfModel() || !showsTheModelsBeginning;
  }

  @Override
  public Optional<String> interruption() {
    muted = true;
    var answers = String.join("", permissions.over());
    return lines.interruption().map(line -> answers + line);
  }
}
