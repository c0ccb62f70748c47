package dev.turnout.events;

import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.turn.Answer;
import dev.turnout.turn.Attempt;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.PermissionOutcome;
import dev.turnout.turn.SteerRefusal;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fact in the life of a turn. What is stored is what is streamed: the components' names are part
 * of the public API.
 */
public sealed interface TurnEvent {
  /**
   * The turn stands in the line. Always event 1; it is the turn row itself and never stored twice.
   */
  record Accepted() implements TurnEvent {}

  /**
   * A worker took the turn.
   *
   * @param run 1 the first time, more when an earlier replica died under it
   */
  record Started(int run, long configRevision) implements TurnEvent {}

  /** A candidate is being asked. */
  record AttemptStarted(Candidate candidate, String runtime) implements TurnEvent {}

  /** A candidate did not answer. */
  record AttemptFailed(Candidate candidate, Failure failure) implements TurnEvent {}

  /**
   * A candidate was not asked: it rests, or its credential is disabled.
   *
   * @param reason that of its cooldown
   * @param rule which rule says so
   * @param until when it may be asked again, as far as is known
   */
  record AttemptSkipped(
      Candidate candidate, FailureReason reason, String rule, Optional<Instant> until)
      implements TurnEvent {}

  /**
   * The candidate that has just failed is asked once more.
   *
   * @param afterMs the pause before, in milliseconds; 0 where it goes on at once in a new
   *     conversation
   */
  record AttemptRetried(Candidate candidate, FailureReason reason, long afterMs)
      implements TurnEvent {}

  /**
   * A living process serves the attempt.
   *
   * @param id by which an admin finds it
   * @param process {@code kept} when it is the session's own, {@code warm} when it was started
   *     ahead of any session, {@code started} when it was started for this
   */
  record LiveProcess(String id, String process) implements TurnEvent {}

  /**
   * Somebody begins anew. All output and all tools before this event are void: the answer is made
   * of what comes after it.
   *
   * @param candidate whose output it was
   * @param reason why it broke off
   * @param tools whether its tools may have acted, which is not undone
   */
  record Restarted(Candidate candidate, FailureReason reason, boolean tools) implements TurnEvent {}

  /** A piece of the answer. */
  record Output(String text) implements TurnEvent {}

  record ToolStarted(Optional<String> toolCall, String name, String input) implements TurnEvent {}

  record ToolEnded(Optional<String> toolCall, boolean failed, String output) implements TurnEvent {}

  record Notice(String text) implements TurnEvent {}

  /**
   * The agent waits until somebody says whether it may use a tool.
   *
   * @param question by which the answer names it
   * @param kind what sort of tool it is, where the agent says
   * @param description what it wants to do, shortened and without credentials
   * @param options what can be answered
   * @param deadline when the answer is no because nobody gave one
   */
  record PermissionAsked(
      String question,
      String tool,
      Optional<String> kind,
      String description,
      List<String> options,
      Instant deadline)
      implements TurnEvent {}

  /**
   * The agent waits no more.
   *
   * @param reason what whoever answered said of it
   */
  record PermissionAnswered(String question, PermissionOutcome outcome, Optional<String> reason)
      implements TurnEvent {}

  /** The agent was told what another turn says, and has taken it. */
  record Steered(TurnId by) implements TurnEvent {}

  /**
   * The turn asked to be taken into the one that runs, and is an ordinary follow-up now.
   *
   * @param turn the one that ran
   */
  record NotSteered(Optional<TurnId> turn, SteerRefusal reason) implements TurnEvent {}

  /** The run was stopped before any effect was seen; the turn waits again. */
  record GivenBack(String why) implements TurnEvent {}

  record Succeeded(Answer answer, List<Attempt> attempts, long configRevision)
      implements TurnEvent {}

  /**
   * The turn ended without an answer.
   *
   * @param partial what had been said before
   * @param messages what a person is told of it, by the tag of the language; absent in old rows
   */
  record Failed(
      Failure failure,
      List<Attempt> attempts,
      String partial,
      long configRevision,
      Optional<Map<String, String>> messages)
      implements TurnEvent {}

  /**
   * Somebody ended it.
   *
   * @param by the turn that interrupted it, when it was one
   */
  record Cancelled(Optional<TurnId> by, List<Attempt> attempts, String partial)
      implements TurnEvent {}

  /** It did not start in time. */
  record Expired() implements TurnEvent {}

  /** An {@code interrupt} turn came after it while it waited. */
  record Dropped(Optional<TurnId> by) implements TurnEvent {}

  /** Another turn has taken it in, and carries the answer to both. */
  record Merged(TurnId into) implements TurnEvent {}

  /** The state that this event ends its turn in; empty when the turn goes on. */
  default Optional<TurnState> end() {
    return switch (this) {
      case Accepted _, Started _, AttemptStarted _, AttemptFailed _, GivenBack _ ->
          Optional.empty();
      case AttemptSkipped _, AttemptRetried _, LiveProcess _, Restarted _ -> Optional.empty();
      case Output _, ToolStarted _, ToolEnded _, Notice _ -> Optional.empty();
      case PermissionAsked _, PermissionAnswered _, Steered _, NotSteered _ -> Optional.empty();
      case Succeeded _ -> Optional.of(TurnState.SUCCEEDED);
      case Failed _ -> Optional.of(TurnState.FAILED);
      case Cancelled _ -> Optional.of(TurnState.CANCELLED);
      case Expired _ -> Optional.of(TurnState.EXPIRED);
      case Dropped _ -> Optional.of(TurnState.DROPPED);
      case Merged _ -> Optional.of(TurnState.MERGED);
    };
  }

  /**
   * Whether the agent may have acted or the caller have read something: see the recovery policy.
   */
  default boolean isEffect() {
    return switch (this) {
      case Output _, ToolStarted _, ToolEnded _ -> true;
      case Accepted _, Started _, AttemptStarted _, AttemptFailed _, Notice _, GivenBack _ -> false;
      case AttemptSkipped _, AttemptRetried _, LiveProcess _, Restarted _ -> false;
      case PermissionAsked _, PermissionAnswered _, Steered _, NotSteered _ -> false;
      case Succeeded _, Failed _, Cancelled _, Expired _, Dropped _, Merged _ -> false;
    };
  }
}
