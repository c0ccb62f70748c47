package dev.turnout.process;

import dev.turnout.process.SubprocessSpec.Owner;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds processes by the mark in their environment. A child that made itself a session of its own
 * has left its group and its parents; the environment it was born with stays. Linux only: elsewhere
 * nothing is found, and the group and the recorded tree have to do. Whoever looks sees the same
 * with an interrupt as without.
 */
final class MarkedProcesses {
  private static final Path PROC = Path.of("/proc");

  /**
   * How often, and for how long each time, we wait for one that does not show what it is yet. That
   * is over in a part of a millisecond, unless others have the processor: on two of them with six
   * busy programs it lasted up to 70 ms. The limit is for one that hangs on its way.
   */
  private static final int LOOKS = 250;

  private static final Duration LOOK = Duration.ofMillis(2);

  /** More than most environments have. */
  private static final int BYTES = 1 << 14;

  private MarkedProcesses() {}

  /** The pids of living processes whose mark starts so. */
  static List<Long> withMark(String prefix) {
    return find(prefix, 0);
  }

  /**
   * The same among those that are not older than {@code eldest}. Pids are given out upwards, so
   * that the descendants of a process stand behind it; on a machine with hundreds of processes that
   * makes the difference between a look and a search. Once the pids have started from below again,
   * all are looked at.
   */
  static List<Long> withMarkSince(String prefix, long eldest) {
    return find(prefix, newest() < eldest ? 0 : eldest);
  }

  /** The pid that was given out last; the last word of this file. */
  private static long newest() {
    try {
      var words = Files.readString(PROC.resolve("loadavg")).strip();
      return Long.parseLong(words.substring(words.lastIndexOf(' ') + 1));
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  private static List<Long> find(String prefix, long eldest) {
    if (!Files.isDirectory(PROC)) {
      return List.of();
    }
    var wanted = ("\0" + Owner.VARIABLE + "=" + prefix).getBytes(StandardCharsets.UTF_8);
    var found = new ArrayList<Long>();
    var unsure = new ArrayList<Long>();
    try (var entries = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (var entry : entries) {
        long pid = Long.parseLong(entry.getFileName().toString());
        if (pid >= eldest) {
          look(pid, wanted, found, unsure);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return found; // What is gone while we look needs no ending.
    }
    try (var interrupts = new LateInterrupt()) {
      for (int look = 0; look < LOOKS && !unsure.isEmpty(); look++) {
        interrupts.pause(LOOK);
        var again = List.copyOf(unsure);
        unsure.clear();
        again.forEach(pid -> look(pid, wanted, found, unsure));
      }
    }
    return found;
  }

  private static void look(long pid, byte[] wanted, List<Long> found, List<Long> unsure) {
    try {
      var environment = environment(pid);
      if (contains(environment, wanted)) {
        found.add(pid);
      } else if (environment.length == 0
          && ProcStat.of(pid).filter(ProcStat::isBetweenPrograms).isPresent()) {
        // For a moment it has neither the old program's nor the new one's.
        unsure.add(pid);
      }
    } catch (IOException e) {
      return; // It is gone, or another user's, which is not ours to end.
    }
  }

  /**
   * The environment in one read, for that is what the system answers as a whole. A second one would
   * begin where the first ended, in the memory of a program that may be over by then, and be told
   * that this was all. INVARIANT: no channel, whose reads an interrupt makes fail as if the process
   * were gone; and of a stream this one method alone, for the others read in pieces.
   */
  private static byte[] environment(long pid) throws IOException {
    var file = PROC.resolve(Long.toString(pid)).resolve("environ").toString();
    for (int size = BYTES; ; size *= 2) {
      try (var in = new FileInputStream(file)) {
        var bytes = new byte[size];
        int read = Math.max(0, in.read(bytes, 0, size));
        if (read < size) {
          return Arrays.copyOf(bytes, read);
        }
      }
    }
  }

  private static boolean contains(byte[] bytes, byte[] wanted) {
    // The first variable has no NUL before it.
    for (int start = -1; start <= bytes.length - wanted.length; start++) {
      if (matches(bytes, start, wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(byte[] bytes, int start, byte[] wanted) {
    for (int i = 0; i < wanted.length; i++) {
      if (start + i >= 0 && bytes[start + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
