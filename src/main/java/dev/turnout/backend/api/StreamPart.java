package dev.turnout.backend.api;

import dev.turnout.failure.FailureSignal;
import dev.turnout.turn.Usage;

/** What the reader of a model's stream tells the attempt that waits for it. */
sealed interface StreamPart {
  /** The API took the request and said something of its protocol, but the model said nothing. */
  record Opened() implements StreamPart {}

  /** The model works without words for the user: it thinks. */
  record Working() implements StreamPart {}

  /** A piece of the answer. */
  record Text(String text) implements StreamPart {}

  /** A piece of the model's words for why it will not answer. */
  record Declined(String text) implements StreamPart {}

  /** The model stopped, for this reason in the words of its API. */
  record Stopped(String reason) implements StreamPart {}

  /** What it took. */
  record Used(Usage usage) implements StreamPart {}

  /** The stream is over, well or cut; whether a {@link Stopped} came before tells which. */
  record Ended() implements StreamPart {}

  /** The exchange failed. */
  record Broken(FailureSignal signal) implements StreamPart {}
}
