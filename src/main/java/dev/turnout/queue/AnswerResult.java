package dev.turnout.queue;

/** What became of an answer to a question of an agent. */
public enum AnswerResult {
  /** It is the answer. */
  TOLD,
  /** There was one before: a person's, or that of the deadline. */
  ANSWERED,
  /** The turn does not run any more. */
  OVER,
  /** The turn never asked this. */
  UNKNOWN
}
