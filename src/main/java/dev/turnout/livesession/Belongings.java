package dev.turnout.livesession;

import dev.turnout.process.ProcessStamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What belongs to one owner: a living process, or an attempt until its process has ended. Closing
 * it removes everything, once. After {@link #handTo} it has nothing, and closing it does nothing.
 */
public final class Belongings implements AutoCloseable {
  /** So many lines of the file may say nothing any more, before it is written anew. */
  private static final int OUTDATED_LINES = 200;

  private final OwnerLedger ledger;
  private final String owner;
  private final Map<OwnedResource, Runnable> revocations = new HashMap<>();

  /**
   * Changed under the monitor; read without it, because whoever lists all owners holds a lock that
   * every turn needs, and must not wait for a disk.
   */
  private volatile OwnerPage page;

  /** How many lines our file has. */
  private int linesWritten;

  Belongings(OwnerLedger ledger, String owner) {
    this.ledger = ledger;
    this.owner = owner;
    this.page = OwnerPage.of(owner);
  }

  /** The owner's name. */
  public String owner() {
    return owner;
  }

  /** What there is now; nothing from the moment on in which it begins to go. */
  public List<OwnedResource> resources() {
    return page.resources();
  }

  OwnerPage page() {
    return page;
  }

  /** Makes a directory that only we can enter. */
  public Path directory(ResourceKind kind, Path path) throws IOException {
    // Written down first: whoever is killed in between has written too much, never too little.
    own(kind, path.toString(), false);
    return Files.createDirectory(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** Writes a file that only we can read. */
  public Path file(ResourceKind kind, Path path, String content) throws IOException {
    own(kind, path.toString(), false);
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(path, content);
  }

  /** Lists something that the owner uses and does not take along: it outlives the owner. */
  public void uses(ResourceKind kind, Path path) throws IOException {
    own(kind, path.toString(), true);
  }

  /**
   * Takes something that is no file.
   *
   * @param name by which a person knows it; never the secret itself
   * @param revocation what ends it; called once
   */
  public synchronized void own(ResourceKind kind, String name, Runnable revocation)
      throws IOException {
    revocations.put(own(kind, name, false), revocation);
  }

  /** Something that it has outlives it from now on. */
  public synchronized void keep(ResourceKind kind, Path path) throws IOException {
    own(kind, path.toString(), true);
  }

  private synchronized OwnedResource own(ResourceKind kind, String what, boolean kept)
      throws IOException {
    var resource = new OwnedResource(kind, what, ledger.now(), kept);
    write(page.with(resource), List.of(OwnerPage.line(resource)));
    return resource;
  }

  /**
   * Processes of this owner, or members of its tree: to be ended if we cannot do it ourselves. Who
   * has ended by now is forgotten: a busy agent forks by the thousand.
   */
  public void processes(Collection<ProcessStamp> found) throws IOException {
    var dead = page.processes().stream().filter(ProcessStamp::hasEnded).toList();
    synchronized (this) {
      var next = page.without(dead).with(found);
      if (linesWritten + found.size() > next.size() + OUTDATED_LINES) {
        ledger.replace(owner, next.lines());
        page = next;
        linesWritten = next.size();
      } else {
        write(next, found.stream().map(OwnerPage::line).toList());
      }
    }
  }

  /** What could not be written on disk is not so: after a kill nobody would know of it. */
  private void write(OwnerPage next, List<String> lines) throws IOException {
    ledger.remember(owner, lines);
    page = next;
    linesWritten += lines.size();
  }

  /** Gives everything to another owner. From now on this one can release nothing. */
  public synchronized void handTo(Belongings next) throws IOException {
    synchronized (next) {
      var handover = page.handOver(next.page);
      // The other owner's page is on disk before ours goes: twice is harmless, never is not.
      next.write(handover.to(), page.lines());
      page = handover.from();
      next.revocations.putAll(revocations);
      revocations.clear();
      ledger.ended(this, true);
    }
  }

  /** Removes everything, the newest first. The second time there is nothing to remove. */
  @Override
  public void close() {
    close(true);
  }

  /**
   * Removes everything, as {@link #close()}.
   *
   * @param processesGone otherwise the record of the owner stays, so that the next start tries
   *     again
   */
  void close(boolean processesGone) {
    List<OwnedResource> toRemove;
    Map<OwnedResource, Runnable> toRevoke;
    synchronized (this) {
      if (!page.open()) {
        return;
      }
      var end = page.end();
      page = end.page();
      toRemove = end.toRemove();
      toRevoke = Map.copyOf(revocations);
      revocations.clear();
    }
    // Outside of the monitor, for this may take long. The page is closed: all of it is ours alone.
    boolean clean = processesGone;
    for (var resource : toRemove) {
      if (resource.kind().isPath()) {
        clean &= DirectoryTree.delete(Path.of(resource.what()));
      } else {
        toRevoke.getOrDefault(resource, () -> {}).run();
      }
    }
    // What could not be removed stays written down, and the next start tries again.
    ledger.ended(this, clean);
  }
}
