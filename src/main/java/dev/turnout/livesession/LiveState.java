package dev.turnout.livesession;

import dev.turnout.turn.TurnId;
import java.time.Instant;

/** Where a living process stands. A pure state machine: {@link #after} is all of it. */
public sealed interface LiveState {
  /** Since when. */
  Instant since();

  /** Started for this turn, and not heard of yet. */
  record Starting(TurnId turn, Instant since) implements LiveState {}

  /**
   * Started ahead of any session, and waits for one.
   *
   * @param greeted whether it said that it is ready
   */
  record Warm(boolean greeted, Instant since) implements LiveState {}

  /** Waits for a turn. */
  record Ready(Instant since) implements LiveState {}

  /** Works on this turn. */
  record Busy(TurnId turn, Instant since) implements LiveState {}

  /** Works on its last turn, or starts for it. */
  record Draining(TurnId turn, CloseReason why, Instant since) implements LiveState {}

  /** Ends, or has ended. */
  record Closed(CloseReason why, Instant since) implements LiveState {}

  /** What happens to it. */
  sealed interface Event {
    /** It said that it is ready, for the turn that it was started for if there is one. */
    record BecameReady() implements Event {}

    /** A session has taken it, and is about to give it its first turn. */
    record Adopted() implements Event {}

    /** It is given a turn. */
    record Took(TurnId turn) implements Event {}

    /** Its turn is over, and the process with it or not. */
    record Finished() implements Event {}

    /** It shall end once nothing runs in it any more. */
    record Retire(CloseReason why) implements Event {}

    /** It shall end now. */
    record End(CloseReason why) implements Event {}
  }

  /** A name for people and for the API. */
  default String code() {
    return switch (this) {
      case Starting _ -> "starting";
      case Warm _ -> "warm";
      case Ready _ -> "ready";
      case Busy _ -> "busy";
      case Draining _ -> "draining";
      case Closed _ -> "closed";
    };
  }

  /**
   * The state after this event. The first reason to close is the one that stays.
   *
   * @throws IllegalStateException when a turn is given to a process that cannot take one, or one is
   *     over that never was: a defect of ours
   */
  default LiveState after(Event event, Instant now) {
    return switch (event) {
      case Event.BecameReady() -> becameReady(now);
      case Event.Adopted() -> {
        if (this instanceof Warm(var greeted, _) && greeted) {
          yield new Ready(now);
        }
        throw impossible(event);
      }
      case Event.Took(var turn) -> {
        if (this instanceof Ready) {
          yield new Busy(turn, now);
        }
        throw impossible(event);
      }
      case Event.Finished() -> finished(event, now);
      case Event.Retire(var why) -> retired(why, now);
      case Event.End(var why) -> this instanceof Closed ? this : new Closed(why, now);
    };
  }

  private LiveState becameReady(Instant now) {
    return switch (this) {
      case Starting(var turn, _) -> new Busy(turn, now);
      case Warm(var greeted, _) when !greeted -> new Warm(true, now);
      // It shall go after this turn, or was ended while it started: its being ready changes
      // nothing.
      case Draining _, Closed _ -> this;
      case Warm _, Ready _, Busy _ -> throw impossible(new Event.BecameReady());
    };
  }

  private LiveState finished(Event event, Instant now) {
    return switch (this) {
      case Busy _ -> new Ready(now);
      case Draining(_, var why, _) -> new Closed(why, now);
      case Closed _ -> this;
      case Starting _, Warm _, Ready _ -> throw impossible(event);
    };
  }

  private LiveState retired(CloseReason why, Instant now) {
    return switch (this) {
      case Ready _, Warm _ -> new Closed(why, now);
      // INVARIANT: who has a turn finishes it, whatever has become stale meanwhile.
      case Starting(var turn, _) -> new Draining(turn, why, now);
      case Busy(var turn, _) -> new Draining(turn, why, now);
      case Draining _, Closed _ -> this;
    };
  }

  private IllegalStateException impossible(Event event) {
    return new IllegalStateException(event + " cannot happen to " + this);
  }
}
