package dev.turnout.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code /proc/PID/stat} says; the numbers of its fields are those of proc(5). */
record ProcStat(List<String> fields) {
  private static final int STATE = 3;
  private static final int PARENT = 4;
  private static final int GROUP = 5;
  private static final int FLAGS = 9;
  private static final int START = 22;
  private static final int START_CODE = 26;
  private static final int ENV_START = 50;
  private static final int ENV_END = 51;

  /** The kernel's PF_EXITING and PF_KTHREAD: one has its memory behind it, the other never any. */
  private static final long NO_PROGRAM = 0x4 | 0x200000;

  /** "pid (name) state parent …", and a name may hold parentheses and spaces. */
  private ProcStat(String line) {
    this(List.of(line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1)));
  }

  /** Of a process as it is now; empty when there is none. */
  static Optional<ProcStat> of(long pid) {
    try {
      return Optional.of(
              new ProcStat(Files.readString(Path.of("/proc", Long.toString(pid), "stat"))))
          .filter(stat -> stat.fields.size() > ENV_END - STATE);
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // It ended under our eyes.
    }
  }

  boolean isZombie() {
    return text(STATE).equals("Z");
  }

  long parent() {
    return number(PARENT);
  }

  long group() {
    return number(GROUP);
  }

  /** When it began, in ticks since the machine did. */
  String start() {
    return text(START);
  }

  /**
   * Whether it is on its way from one program to the next. The kernel writes down where the code
   * starts last: once it is there, the ends of the environment are right, and if they differ, then
   * who saw none has looked a moment too early.
   */
  boolean isBetweenPrograms() {
    return (number(FLAGS) & NO_PROGRAM) == 0
        && (number(START_CODE) == 0 || number(ENV_START) != number(ENV_END));
  }

  private String text(int field) {
    return fields.get(field - STATE);
  }

  private long number(int field) {
    return Long.parseLong(text(field));
  }
}
