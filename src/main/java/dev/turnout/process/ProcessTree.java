package dev.turnout.process;

import dev.turnout.process.SubprocessSpec.Owner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A process and everything it forked. Three nets, because each has a hole: the process group (a
 * child can leave it), the tree of parents (an orphan has lost it), the mark in the environment
 * (Linux only).
 */
final class ProcessTree {
  /** No machine gives out all of its pids, 32768 at the least, in this time. */
  private static final Duration BRIEF = Duration.ofSeconds(5);

  /** How long a killed process may take to be gone; longer means uninterruptible I/O. */
  private static final Duration KILL_PATIENCE = Duration.ofSeconds(5);

  /** How long to wait for those that were found by their mark, before the next look. */
  private static final Duration ROUND = Duration.ofMillis(100);

  /** How often those who are to end are looked at. */
  private static final Duration LOOK = Duration.ofMillis(5);

  private final Process root;
  private final boolean leadsGroup;
  private final Owner owner;
  private final long startedAt = System.nanoTime();

  ProcessTree(Process root, boolean leadsGroup, Owner owner) {
    this.root = root;
    this.leadsGroup = leadsGroup;
    this.owner = owner;
  }

  /**
   * Asks all to end, waits for the grace, and kills what is left. Nothing lives afterwards, and who
   * is interrupted meanwhile hears it then.
   */
  void end(Duration grace) {
    try (var interrupts = new LateInterrupt()) {
      var members = members();
      if (leadsGroup) {
        Signals.toGroup(root.pid(), Signals.TERM);
      }
      members.forEach(member -> Signals.toProcess(member.pid(), Signals.TERM));
      awaitEnd(members, grace, interrupts);
      killAll(members, interrupts);
    }
  }

  /** After the root has ended by itself: what it left behind gets no grace. */
  void sweep() {
    try (var interrupts = new LateInterrupt()) {
      killAll(members(), interrupts);
    }
  }

  /** Those that were born with its mark and can still be seen. */
  List<ProcessStamp> carryingItsMark() {
    return marked().stream().flatMap(pid -> ProcessStamp.of(pid).stream()).toList();
  }

  private List<ProcessHandle> members() {
    var members = new ArrayList<ProcessHandle>();
    members.add(root.toHandle());
    root.descendants().forEach(members::add);
    return members;
  }

  private void killAll(List<ProcessHandle> known, LateInterrupt interrupts) {
    // Again until nothing is found: a process may fork between the look and the kill.
    for (int round = 0; round < 20; round++) {
      if (leadsGroup) {
        Signals.toGroup(root.pid(), Signals.KILL);
      }
      known.stream()
          .filter(ProcessTree::lives)
          .forEach(member -> Signals.toProcess(member.pid(), Signals.KILL));
      var marked = marked();
      marked.forEach(pid -> Signals.toProcess(pid, Signals.KILL));
      if (marked.isEmpty()) {
        awaitEnd(known, KILL_PATIENCE, interrupts);
        return;
      }
      // On a busy machine a killed process shows its environment for a while yet.
      var handles = marked.stream().flatMap(pid -> ProcessHandle.of(pid).stream()).toList();
      awaitEnd(handles, ROUND, interrupts);
    }
  }

  /**
   * Whether it still does something. An orphan that has ended stays a zombie until the system's
   * first process takes notice, which in a container may be late or never.
   */
  private static boolean lives(ProcessHandle process) {
    return process.isAlive() && ProcStat.of(process.pid()).filter(ProcStat::isZombie).isEmpty();
  }

  /** Pids may have been given out all round while the run was long, so that order says nothing. */
  private List<Long> marked() {
    var mark = owner.mark() + "\0";
    boolean brief = System.nanoTime() - startedAt < BRIEF.toNanos();
    return brief ? MarkedProcesses.withMarkSince(mark, root.pid()) : MarkedProcesses.withMark(mark);
  }

  private static void awaitEnd(
      List<ProcessHandle> members, Duration atMost, LateInterrupt interrupts) {
    long end = System.nanoTime() + atMost.toNanos();
    while (members.stream().anyMatch(ProcessTree::lives) && System.nanoTime() - end < 0) {
      interrupts.pause(LOOK);
    }
  }
}
