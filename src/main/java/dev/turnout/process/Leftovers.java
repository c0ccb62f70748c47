package dev.turnout.process;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;

/** What a Turnout that was killed has left running. */
public final class Leftovers {
  /** How long those that were killed have before the next look. */
  private static final Duration ROUND = Duration.ofMillis(10);

  private Leftovers() {}

  /**
   * Ends every process that carries the mark of this installation. To be called before the first
   * process of a new start: none of them can be ours yet.
   *
   * @param instance as in {@link SubprocessSpec.Owner#instance()}
   * @return how many there were
   */
  public static int endAll(String instance) {
    return endMarked(instance + "/");
  }

  /** Ends every process whose mark starts so; how many there were. */
  static int endMarked(String mark) {
    int ended = 0;
    try (var interrupts = new LateInterrupt()) {
      for (int round = 0; round < 100; round++) {
        var marked = MarkedProcesses.withMark(mark);
        if (marked.isEmpty()) {
          return ended;
        }
        ended = Math.max(ended, marked.size());
        marked.forEach(pid -> Signals.toProcess(pid, Signals.KILL));
        interrupts.pause(ROUND);
      }
    }
    return ended;
  }

  /**
   * Kills those of the recorded processes that still live, and what they have forked. Nothing is
   * killed that is not proven to be one of them: a pid that was given out anew is left alone, and
   * so is the group of a leader that is gone, whose number may mean somebody else by now. Who is
   * interrupted meanwhile hears it afterwards.
   *
   * @return how many there were
   */
  public static int end(Collection<ProcessStamp> recorded) {
    var watched = new LinkedHashSet<>(recorded);
    var ended = new LinkedHashSet<ProcessStamp>();
    try (var interrupts = new LateInterrupt()) {
      // Again until nothing is found: a process may fork between the look and the kill.
      for (int round = 0; round < 100; round++) {
        var living = watched.stream().filter(ProcessStamp::lives).toList();
        if (living.isEmpty()) {
          return ended.size();
        }
        var table = ProcessTable.read();
        for (var stamp : living) {
          table.treeOf(stamp.pid()).stream().map(ProcessStamp::of).forEach(watched::add);
        }
        for (var stamp : watched) {
          if (stamp.lives() && Signals.toProcess(stamp.pid(), Signals.KILL)) {
            ended.add(stamp);
          }
        }
        interrupts.pause(ROUND);
      }
    }
    return ended.size();
  }
}
