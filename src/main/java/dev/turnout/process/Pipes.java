package dev.turnout.process;

import java.io.Closeable;
import java.io.IOException;

/** The pipes of a process, and the threads that wait at them. */
final class Pipes {
  /**
   * Of the stack of such a thread. It is a platform thread, because a read of a pipe holds a
   * carrier of virtual threads for as long as it lasts. That may be for hours, and of carriers
   * there are 256 at the most: after that no virtual thread runs any more. It does nothing that
   * needs a deep stack.
   */
  private static final long STACK_BYTES = 128 * 1024;

  private Pipes() {}

  /** One that waits at a pipe; not started yet. */
  static Thread thread(String name, Runnable work) {
    return Thread.ofPlatform().daemon().name(name).stackSize(STACK_BYTES).unstarted(work);
  }

  /** Closes all of them; nobody should hold the other ends. */
  static void close(Process process) {
    close(process.getOutputStream());
    close(process.getInputStream());
    close(process.getErrorStream());
  }

  private static void close(Closeable pipe) {
    try {
      pipe.close();
    } catch (IOException e) {
      return; // It is closed all the same; what could not be said stays unsaid.
    }
  }
}
