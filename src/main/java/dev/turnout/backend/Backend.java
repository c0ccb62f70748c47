package dev.turnout.backend;

/**
 * A place that answers. Plain blocking code: {@link #attempt} returns when the attempt is over, and
 * an interrupt of the calling thread ends it as {@link AttemptResult.Aborted} with nothing left
 * running. An implementation states facts and judges nothing; it never retries by itself.
 */
public interface Backend {
  BackendRuntime runtime();

  /** Makes one attempt; what the backend says on the way goes to {@code sink}, in order. */
  AttemptResult attempt(AttemptRequest request, EventSink sink);
}
