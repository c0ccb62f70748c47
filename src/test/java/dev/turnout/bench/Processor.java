package dev.turnout.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The processor time that a process has used, from Linux's own account. Other programs on the
 * machine make a turn slower; they do not make it cost more.
 */
final class Processor {
  /** The kernel counts in hundredths of a second. */
  private static final double MICROS_A_TICK = 10_000;

  private Processor() {}

  /** Of this process, without its children. */
  static double micros() {
    return micros(ProcessHandle.current().pid(), 11, 12);
  }

  /** Of the children of this process that have ended. */
  static double microsOfChildren() {
    return micros(ProcessHandle.current().pid(), 13, 14);
  }

  /** Of a process, its living descendants and those of its children that have ended. */
  static double microsOfTree(ProcessHandle root) {
    return Stream.concat(Stream.of(root), root.descendants())
        .mapToDouble(process -> micros(process.pid(), 11, 14))
        .sum();
  }

  /** Fields from 11: utime, stime, and the same of children that have ended. */
  private static double micros(long pid, int first, int last) {
    try {
      var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The name of the program may hold anything, and ends with the last parenthesis.
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long ticks = 0;
      for (int field = first; field <= last; field++) {
        ticks += Long.parseLong(fields[field]);
      }
      return ticks * MICROS_A_TICK;
    } catch (IOException e) {
      return 0; // It has ended.
    }
  }
}
