package dev.turnout.queue;

/** What became of the wish to end a turn. */
public sealed interface CancelResult {
  /** It waited, and has ended. */
  record Ended() implements CancelResult {}

  /** It runs; its runner has been told and will end it. */
  record Signalled() implements CancelResult {}

  /** It had ended before. */
  record AlreadyOver() implements CancelResult {}
}
