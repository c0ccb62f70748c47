package dev.turnout.backend.api;

import dev.turnout.failure.FailureSignal;

/** The dialect of a model API: how to ask, and what its exceptions say. */
interface ModelStream {
  /** Takes the parts in order; blocks while the attempt is behind. */
  interface Parts {
    void put(StreamPart part) throws InterruptedException;
  }

  /**
   * Makes one request and reads its stream to the end. Blocks; an interrupt closes the connection
   * and makes it return or throw.
   */
  void read(ModelCall call, Parts parts) throws InterruptedException;

  /** What an exception out of {@link #read} says. */
  FailureSignal signal(ModelCall call, RuntimeException thrown);
}
