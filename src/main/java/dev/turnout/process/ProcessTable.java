package dev.turnout.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All processes of this machine at one moment, read once for many questions. Where there is no
 * {@code /proc} it asks Java, which knows less: no groups.
 */
final class ProcessTable {
  private static final Path PROC = Path.of("/proc");

  private final Map<Long, Entry> entries;

  private ProcessTable(Map<Long, Entry> entries) {
    this.entries = entries;
  }

  /** One process; {@code start} as in {@link ProcessStamp}. */
  record Entry(long pid, long parent, long group, String start, boolean zombie) {}

  static ProcessTable read() {
    var entries = new HashMap<Long, Entry>();
    if (!Files.isDirectory(PROC)) {
      ProcessHandle.allProcesses().forEach(process -> add(entries, ofJava(process)));
      return new ProcessTable(entries);
    }
    try (var found = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (var directory : found) {
        of(Long.parseLong(directory.getFileName().toString()))
            .ifPresent(entry -> add(entries, entry));
      }
    } catch (IOException | DirectoryIteratorException e) {
      return new ProcessTable(entries); // What is gone while we look is no loss.
    }
    return new ProcessTable(entries);
  }

  private static void add(Map<Long, Entry> entries, Entry entry) {
    entries.put(entry.pid(), entry);
  }

  /** One process as it is now; empty when there is none. */
  static Optional<Entry> of(long pid) {
    if (!Files.isDirectory(PROC)) {
      return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).map(ProcessTable::ofJava);
    }
    return ProcStat.of(pid)
        .map(stat -> new Entry(pid, stat.parent(), stat.group(), stat.start(), stat.isZombie()));
  }

  private static Entry ofJava(ProcessHandle process) {
    var start = process.info().startInstant().map(i -> Long.toString(i.toEpochMilli())).orElse("");
    long parent = process.parent().map(ProcessHandle::pid).orElse(0L);
    return new Entry(process.pid(), parent, 0, start, false);
  }

  /** The children of a process, and theirs, and whoever is in the group that it leads. */
  List<Entry> treeOf(long root) {
    var tree = new ArrayList<Entry>();
    for (var entry : entries.values()) {
      if (entry.pid() != root && (entry.group() == root || descends(entry, root))) {
        tree.add(entry);
      }
    }
    return tree;
  }

  private boolean descends(Entry entry, long root) {
    // Bounded: a table that was read while processes came and went may hold a circle.
    var at = entry;
    for (int step = 0; step < 64; step++) {
      if (at.parent() == root) {
        return true;
      }
      var parent = entries.get(at.parent());
      if (parent == null) {
        return false;
      }
      at = parent;
    }
    return false;
  }
}
