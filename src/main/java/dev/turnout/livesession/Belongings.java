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
  private final OwnerLedger ledger;
  private final Map<OwnedResource, Runnable> revocations = new HashMap<>();
  private OwnerPage page;

  Belongings(OwnerLedger ledger, String owner) {
    this.ledger = ledger;
    this.page = OwnerPage.of(owner);
  }

  /** The owner's name. */
  public synchronized String owner() {
    return page.owner();
  }

  /** What there is now. */
  public synchronized List<OwnedResource> resources() {
    return page.resources();
  }

  synchronized OwnerPage page() {
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
    page = page.with(resource);
    ledger.remember(page.owner(), List.of(OwnerPage.line(resource)));
    return resource;
  }

  /** A process of this owner, or a member of its tree: to be ended if we cannot do it ourselves. */
  public synchronized void processes(Collection<ProcessStamp> found) throws IOException {
    for (var process : found) {
      page = page.with(process);
    }
    ledger.remember(page.owner(), found.stream().map(OwnerPage::line).toList());
  }

  /** Gives everything to another owner. From now on this one can release nothing. */
  public synchronized void handTo(Belongings next) throws IOException {
    synchronized (next) {
      var handover = page.handOver(next.page);
      // The other owner's page is on disk before ours goes: twice is harmless, never is not.
      ledger.remember(next.page.owner(), page.lines());
      page = handover.from();
      next.page = handover.to();
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
  synchronized void close(boolean processesGone) {
    if (!page.open()) {
      return;
    }
    var end = page.end();
    page = end.page();
    boolean clean = processesGone;
    for (var resource : end.toRemove()) {
      if (resource.kind().isPath()) {
        clean &= DirectoryTree.delete(Path.of(resource.what()));
      } else {
        revocations.getOrDefault(resource, () -> {}).run();
      }
    }
    revocations.clear();
    // What could not be removed stays written down, and the next start tries again.
    ledger.ended(this, clean);
  }
}
