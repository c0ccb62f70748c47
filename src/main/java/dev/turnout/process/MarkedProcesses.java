package dev.turnout.process;

import dev.turnout.process.SubprocessSpec.Owner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds processes by the mark in their environment. A child that made itself a session of its own
 * has left its group and its parents; the environment it was born with stays. Linux only: elsewhere
 * nothing is found, and the group and the recorded tree have to do.
 */
final class MarkedProcesses {
  private static final Path PROC = Path.of("/proc");

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
    try (var entries = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (var entry : entries) {
        long pid = Long.parseLong(entry.getFileName().toString());
        if (pid >= eldest && carries(entry.resolve("environ"), wanted)) {
          found.add(pid);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return found; // What is gone while we look needs no ending.
    }
    return found;
  }

  private static boolean carries(Path environ, byte[] wanted) {
    try {
      var bytes = Files.readAllBytes(environ);
      // A zombie's environment is empty, another user's is not readable: neither is ours to end.
      return contains(bytes, wanted);
    } catch (IOException e) {
      return false;
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
