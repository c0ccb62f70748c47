package dev.turnout.livesession;

import dev.turnout.process.ProcessStamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The page of one owner in the ledger: a pure value. Once it is closed nothing can be written on
 * it, and what stood on it has been given out exactly once: to be released, or to the next owner.
 */
record OwnerPage(
    String owner, boolean open, List<OwnedResource> resources, List<ProcessStamp> processes) {
  private static final String OWN = "own";
  private static final String PROCESS = "process";

  OwnerPage {
    resources = List.copyOf(resources);
    processes = List.copyOf(processes);
  }

  static OwnerPage of(String owner) {
    return new OwnerPage(owner, true, List.of(), List.of());
  }

  OwnerPage with(OwnedResource resource) {
    requireOpen();
    // What is named again has changed its fate: the newer line counts.
    var all = new ArrayList<>(resources);
    all.removeIf(r -> r.kind() == resource.kind() && r.what().equals(resource.what()));
    all.add(resource);
    return new OwnerPage(owner, true, all, processes);
  }

  OwnerPage with(Collection<ProcessStamp> more) {
    requireOpen();
    var all = new ArrayList<>(processes);
    all.addAll(more);
    return new OwnerPage(owner, true, resources, all);
  }

  /** Processes that have ended never live again. */
  OwnerPage without(Collection<ProcessStamp> dead) {
    var gone = Set.copyOf(dead);
    var rest = processes.stream().filter(process -> !gone.contains(process)).toList();
    return new OwnerPage(owner, open, resources, rest);
  }

  /** How many lines it takes to say all of it. */
  int size() {
    return resources.size() + processes.size();
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException(owner + " has ended, or has given away what it had");
    }
  }

  /** What is left of a page that was closed: nothing. */
  private OwnerPage closed() {
    return new OwnerPage(owner, false, List.of(), List.of());
  }

  /** A closed page, and what is to be removed now, the newest first. */
  record Ended(OwnerPage page, List<OwnedResource> toRemove) {}

  /** Ends the owner; the second end removes nothing. */
  Ended end() {
    var toRemove = resources.reversed().stream().filter(resource -> !resource.kept()).toList();
    return new Ended(closed(), toRemove);
  }

  /** Two pages after everything has passed from one to the other. */
  record Handover(OwnerPage from, OwnerPage to) {}

  /** Gives everything to another owner, and keeps nothing that could be released. */
  Handover handOver(OwnerPage to) {
    requireOpen();
    var next = to;
    for (var resource : resources) {
      next = next.with(resource);
    }
    return new Handover(closed(), next.with(processes));
  }

  /** The line by which this is remembered on disk. */
  static String line(OwnedResource resource) {
    return String.join(
        "\t",
        OWN,
        resource.kind().name(),
        Boolean.toString(resource.kept()),
        Long.toString(resource.created().toEpochMilli()),
        escape(resource.what()));
  }

  /** The line by which this is remembered on disk. */
  static String line(ProcessStamp process) {
    return String.join(
        "\t", PROCESS, Long.toString(process.pid()), process.start(), process.boot());
  }

  /** All of it, as lines. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    resources.forEach(resource -> lines.add(line(resource)));
    processes.forEach(process -> lines.add(line(process)));
    return lines;
  }

  /**
   * Reads what was written. A line that cannot be read is passed over: the last one may be cut off,
   * for whoever wrote it was killed.
   */
  static OwnerPage read(String owner, List<String> lines) {
    var page = of(owner);
    var processes = new ArrayList<ProcessStamp>();
    for (var line : lines) {
      page = page.withLine(line.split("\t", -1), processes);
    }
    return page.with(processes);
  }

  private OwnerPage withLine(String[] words, List<ProcessStamp> processes) {
    try {
      if (words[0].equals(OWN) && words.length == 5) {
        var created = Instant.ofEpochMilli(Long.parseLong(words[3]));
        var kind = ResourceKind.valueOf(words[1]);
        boolean kept = Boolean.parseBoolean(words[2]);
        return with(new OwnedResource(kind, unescape(words[4]), created, kept));
      }
      if (words[0].equals(PROCESS) && words.length == 4) {
        processes.add(new ProcessStamp(Long.parseLong(words[1]), words[2], words[3]));
      }
      return this;
    } catch (IllegalArgumentException e) {
      return this;
    }
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
  }

  private static String unescape(String text) {
    var plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\' || i + 1 == text.length()) {
        plain.append(c);
        continue;
      }
      char sign = text.charAt(++i);
      plain.append(
          switch (sign) {
            case 't' -> '\t';
            case 'n' -> '\n';
            default -> sign;
          });
    }
    return plain.toString();
  }
}
