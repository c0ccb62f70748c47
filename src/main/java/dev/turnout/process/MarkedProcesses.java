package dev.turnout.process;

import dev.turnout.process.SubprocessSpec.Owner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds processes by the mark in their environment. A child that made itself a session of its own
 * has left its group and its parents; the environment it was born with stays. Linux only: elsewhere
 * nothing is found, and the group and the recorded tree have to do.
 */
final class MarkedProcesses {
  private static final Path PROC = Path.of("/proc");

  /** How often, and for how long each time, one is waited for that does not show what it is yet. */
  private static final int LOOKS = 20;

  private static final Duration LOOK = Duration.ofMillis(2);

  /** The parent of the kernel's own threads, which have no environment at all. */
  private static final String KERNEL = "2";

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
    for (int look = 0; look < LOOKS && !unsure.isEmpty(); look++) {
      LockSupport.parkNanos(LOOK.toNanos());
      var again = List.copyOf(unsure);
      unsure.clear();
      again.forEach(pid -> look(pid, wanted, found, unsure));
    }
    return found;
  }

  private static void look(long pid, byte[] wanted, List<Long> found, List<Long> unsure) {
    var entry = PROC.resolve(Long.toString(pid));
    try {
      var environment = Files.readAllBytes(entry.resolve("environ"));
      if (contains(environment, wanted)) {
        found.add(pid);
      } else if (environment.length == 0 && mayBeStarting(entry)) {
        unsure.add(pid);
      }
    } catch (IOException e) {
      return; // It is gone, or another user's, which is not ours to end.
    }
  }

  /**
   * Whether a process without an environment may be on its way from one program to the next: for a
   * moment it has neither the old one's nor the new one's. A zombie has none, and the kernel's.
   */
  private static boolean mayBeStarting(Path entry) throws IOException {
    var stat = Files.readString(entry.resolve("stat"));
    // "pid (name) state parent …", and a name may hold parentheses.
    var words = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", 3);
    return !words[0].equals("Z") && !words[0].equals("X") && !words[1].equals(KERNEL);
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
