package dev.turnout.process;

import java.util.concurrent.TimeUnit;

/** What a Turnout that was killed has left running. */
public final class Leftovers {
  private Leftovers() {}

  /**
   * Ends every process that carries the mark of this installation. To be called before the first
   * process of a new start: none of them can be ours yet.
   *
   * @param instance as in {@link SubprocessSpec.Owner#instance()}
   * @return how many there were
   */
  public static int endAll(String instance) {
    int ended = 0;
    for (int round = 0; round < 100; round++) {
      var marked = MarkedProcesses.withMark(instance + "/");
      if (marked.isEmpty()) {
        return ended;
      }
      ended = Math.max(ended, marked.size());
      marked.forEach(pid -> Signals.toProcess(pid, Signals.KILL));
      try {
        TimeUnit.MILLISECONDS.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return ended;
      }
    }
    return ended;
  }
}
