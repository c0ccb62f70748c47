package dev.turnout.backend;

import java.util.Optional;

/** Something that a backend said before its attempt was over. */
public sealed interface BackendEvent {
  /** A piece of the answer. */
  record Output(String text) implements BackendEvent {}

  /** The agent calls a tool. {@code id} ties it to its end where the backend names one. */
  record ToolStarted(Optional<String> id, String name, String input) implements BackendEvent {}

  /** A tool came back. */
  record ToolEnded(Optional<String> id, boolean failed, String output) implements BackendEvent {}

  /** Something worth telling that is neither answer nor effect: a retry inside, a warning. */
  record Notice(String text) implements BackendEvent {}

  /**
   * A living process serves the attempt.
   *
   * @param how as {@code TurnEvent.LiveProcess} has it
   * @param reused whether it was there before
   */
  record LiveProcess(String id, String how, boolean reused) implements BackendEvent {}

  /**
   * Whether the agent may already have acted on the world, or the user have read something: after
   * such an event a second attempt could do or say things twice.
   */
  default boolean isEffect() {
    return switch (this) {
      case Output _, ToolStarted _, ToolEnded _ -> true;
      case Notice _, LiveProcess _ -> false;
    };
  }
}
