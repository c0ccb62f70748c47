package dev.turnout.process;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Sends signals to process groups, which Java itself cannot. A group outlives its leader, so that
 * children whose parent is gone are reached too.
 */
final class Signals {
  static final int TERM = 15;
  static final int KILL = 9;

  private static final MethodHandle SEND = link();

  private Signals() {}

  @SuppressWarnings("restricted") // Native access is granted on the command line, to this one call.
  private static MethodHandle link() {
    var linker = Linker.nativeLinker();
    var symbol = linker.defaultLookup().find("kill").orElseThrow();
    return linker.downcallHandle(
        symbol,
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }

  /** Signals every process of the group; false when there is none. */
  static boolean toGroup(long group, int signal) {
    // Groups 0 and 1 mean ourselves and everybody: no caller can want that.
    return group > 1 && send((int) -group, signal);
  }

  /** Signals one process; false when it is gone. */
  static boolean toProcess(long pid, int signal) {
    return pid > 1 && send((int) pid, signal);
  }

  private static boolean send(int target, int signal) {
    try {
      return (int) SEND.invokeExact(target, signal) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("kill(2) cannot be called", e);
    }
  }
}
