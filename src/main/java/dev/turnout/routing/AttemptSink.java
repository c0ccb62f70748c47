package dev.turnout.routing;

import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.BackendEvent;
import dev.turnout.backend.EventSink;
import dev.turnout.events.TurnEvent;
import dev.turnout.failure.StorableText;
import dev.turnout.turn.Answer;
import dev.turnout.turn.LiveUse;
import java.util.Optional;

/** Takes what a backend says in one attempt, and keeps what it amounts to. */
final class AttemptSink implements EventSink {
  /** Far more than any backend needs for the name of a conversation, in characters. */
  private static final int LONGEST_REF = 1_000;

  private final TurnEventSink events;
  private final boolean showsTools;
  private final Runnable onFirstEffect;
  private Traces traces = Traces.NONE;
  private Optional<LiveUse> live = Optional.empty();

  /**
   * For one attempt.
   *
   * @param showsTools whether the backend tells of its tools; of one that does not, nobody knows
   *     what it did before it spoke
   * @param onFirstEffect what to do as soon as the backend is seen to answer
   */
  AttemptSink(TurnEventSink events, boolean showsTools, Runnable onFirstEffect) {
    this.events = events;
    this.showsTools = showsTools;
    this.onFirstEffect = onFirstEffect;
  }

  @Override
  public void accept(BackendEvent event) {
    boolean first = traces == Traces.NONE;
    traces = traces.and(tracesOf(event));
    if (first && traces != Traces.NONE) {
      onFirstEffect.run();
    }
    if (event instanceof BackendEvent.LiveProcess(var id, _, var reused)) {
      live = Optional.of(new LiveUse(id, reused));
    }
    events.accept(translate(event));
  }

  private Traces tracesOf(BackendEvent event) {
    return switch (event) {
      case BackendEvent.Output _ -> showsTools ? Traces.OUTPUT : Traces.TOOLS;
      case BackendEvent.ToolStarted _, BackendEvent.ToolEnded _ -> Traces.TOOLS;
      case BackendEvent.Notice _, BackendEvent.LiveProcess _ -> Traces.NONE;
    };
  }

  /** What the attempt left behind so far. */
  Traces traces() {
    return traces;
  }

  /** Which living process serves the attempt, if one does. */
  Optional<LiveUse> live() {
    return live;
  }

  /** The door for what is said in an attempt: behind it every text can be stored. */
  private static TurnEvent translate(BackendEvent event) {
    return switch (event) {
      case BackendEvent.Output(var text) -> new TurnEvent.Output(StorableText.of(text));
      case BackendEvent.ToolStarted(var id, var name, var input) ->
          new TurnEvent.ToolStarted(
              id.map(StorableText::of), StorableText.of(name), StorableText.of(input));
      case BackendEvent.ToolEnded(var id, var failed, var output) ->
          new TurnEvent.ToolEnded(id.map(StorableText::of), failed, StorableText.of(output));
      case BackendEvent.LiveProcess(var id, var how, _) -> new TurnEvent.LiveProcess(id, how);
      case BackendEvent.Notice(var text) -> new TurnEvent.Notice(StorableText.of(text));
    };
  }

  /** The same door for how it ended; says so when a reference stays outside. */
  AttemptResult storable(AttemptResult result) {
    return switch (result) {
      case AttemptResult.Answered(var answer, var ref) ->
          new AttemptResult.Answered(
              new Answer(StorableText.of(answer.text()), answer.usage()), usable(ref));
      // The facts of a signal are made storable where they are made of it.
      case AttemptResult.Failed(var signal, var ref) ->
          new AttemptResult.Failed(signal, usable(ref));
      case AttemptResult.Aborted aborted -> aborted;
    };
  }

  /**
   * A reference comes back to the backend's process as an argument, where another one would be
   * another conversation, and one that begins with a dash an option. The answer is none the worse.
   */
  private Optional<String> usable(Optional<String> ref) {
    var flaw = ref.flatMap(AttemptSink::flaw);
    flaw.ifPresent(
        why ->
            events.accept(
                new TurnEvent.Notice("the backend's session id " + why + " and was not kept")));
    return flaw.isEmpty() ? ref : Optional.empty();
  }

  private static Optional<String> flaw(String ref) {
    if (ref.isBlank() || ref.length() > LONGEST_REF) {
      return Optional.of("has not 1 to " + LONGEST_REF + " characters");
    }
    if (ref.startsWith("-")) {
      return Optional.of("begins with a dash");
    }
    return ref.chars().anyMatch(Character::isISOControl) || !StorableText.isStorable(ref)
        ? Optional.of("has a control character or half of a surrogate pair")
        : Optional.empty();
  }
}
