package dev.turnout.backend;

/** Takes what a backend says while it works. Called by one thread at a time, in order. */
@FunctionalInterface
public interface EventSink {
  /** May block when the reader is slow: that is the back-pressure against a flooding backend. */
  void accept(BackendEvent event);
}
