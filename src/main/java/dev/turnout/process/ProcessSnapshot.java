package dev.turnout.process;

import java.util.List;

/** All processes of the machine at one moment; to look at many trees and read the system once. */
public final class ProcessSnapshot {
  private final ProcessTable table = ProcessTable.read();

  private ProcessSnapshot() {}

  public static ProcessSnapshot now() {
    return new ProcessSnapshot();
  }

  /** Whoever stands below this process, or in the group that it leads. */
  List<ProcessStamp> treeOf(ProcessStamp root) {
    return table.treeOf(root.pid()).stream().map(ProcessStamp::of).toList();
  }
}
