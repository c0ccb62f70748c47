package dev.turnout.livesession;

import dev.turnout.process.Leftovers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Who owns which directories, files, tokens and processes. Each owner has a file in the data
 * directory that says the same, so that the next start can remove what a killed one has left.
 */
@ApplicationScoped
public class OwnerLedger {
  private static final System.Logger LOG = System.getLogger(OwnerLedger.class.getName());

  /** Ends the name of a file that is being written; no owner's name has a dot. */
  private static final String UNFINISHED = ".new";

  private final Path data;
  private final Path records;
  private final Clock clock;
  private final Set<Belongings> owners = ConcurrentHashMap.newKeySet();
  private final AtomicLong count = new AtomicLong();

  /** For the data directory of this installation. */
  @Inject
  public OwnerLedger(@ConfigProperty(name = "turnout.data-dir") String dataDirectory, Clock clock) {
    this.data = Path.of(dataDirectory).toAbsolutePath().normalize();
    this.records = data.resolve("owners");
    this.clock = clock;
  }

  /**
   * A new owner, who has nothing yet.
   *
   * @param kind what it is, in a word without spaces; a number makes it a name
   */
  public Belongings open(String kind) {
    // With the time, because the numbers begin anew with each start.
    var name = kind + "-" + clock.millis() + "-" + count.incrementAndGet();
    var belongings = new Belongings(this, name);
    owners.add(belongings);
    return belongings;
  }

  /** All owners that live, in the order of their names. */
  public List<OwnerView> owners() {
    return owners.stream()
        .map(Belongings::page)
        .map(
            page ->
                new OwnerView(
                    page.owner(),
                    page.resources(),
                    page.processes().stream().map(process -> process.pid()).toList()))
        .sorted(Comparator.comparing(OwnerView::owner))
        .toList();
  }

  Instant now() {
    return clock.instant();
  }

  /** Writes lines behind those that are there. */
  void remember(String owner, List<String> lines) throws IOException {
    if (lines.isEmpty()) {
      return;
    }
    var file = file(owner);
    // Not through a channel of our own: an interrupt of the turn would close it half way.
    Files.write(file, lines, StandardOpenOption.APPEND);
  }

  /** Writes these lines instead of those that are there: at each moment there is one or other. */
  void replace(String owner, List<String> lines) throws IOException {
    var unfinished = file(owner + UNFINISHED);
    Files.write(unfinished, lines);
    Files.move(
        unfinished,
        records.resolve(owner),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Path file(String name) throws IOException {
    if (!Files.isDirectory(records)) {
      Files.createDirectories(
          records,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    var file = records.resolve(name);
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    return file;
  }

  void ended(Belongings belongings, boolean clean) {
    owners.remove(belongings);
    if (clean) {
      forget(records.resolve(belongings.owner()));
    }
  }

  private static void forget(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The next start finds nothing of what it names, and tries again to remove it.
      LOG.log(Level.WARNING, "{0} could not be deleted: {1}", file, e);
    }
  }

  /** What a sweep has done. */
  public record Swept(int owners, int processes, int resources) {}

  /**
   * Ends the processes and removes the files of owners that are not ours: a Turnout that was killed
   * has left them. To be called before the first process of a new start, with the lock of the data
   * directory in hand.
   */
  public Swept sweep() {
    int processes = 0;
    int resources = 0;
    var found = leftBehind();
    for (var page : found) {
      processes += Leftovers.end(page.processes());
      boolean clean = true;
      for (var resource : page.end().toRemove()) {
        if (mayRemove(resource)) {
          clean &= DirectoryTree.delete(Path.of(resource.what()));
          resources++;
        }
      }
      if (clean) {
        forget(records.resolve(page.owner()));
      }
    }
    return new Swept(found.size(), processes, resources);
  }

  /** A record that somebody has changed must not make us remove what was never ours. */
  private boolean mayRemove(OwnedResource resource) {
    if (!resource.kind().isPath()) {
      return false;
    }
    var path = Path.of(resource.what()).normalize();
    return path.startsWith(data) && !path.equals(data);
  }

  private List<OwnerPage> leftBehind() {
    var pages = new ArrayList<OwnerPage>();
    var living = owners.stream().map(Belongings::owner).toList();
    try (var files = Files.newDirectoryStream(records)) {
      for (var file : files) {
        var name = file.getFileName().toString();
        if (name.endsWith(UNFINISHED)) {
          forget(file); // What counts is in the file that it was to replace.
        } else if (!living.contains(name)) {
          pages.add(OwnerPage.read(name, wholeLines(file)));
        }
      }
    } catch (NoSuchFileException e) {
      return pages; // Nobody has ever owned anything here.
    } catch (IOException e) {
      LOG.log(Level.WARNING, "what the last start owned cannot be read: {0}", e);
    }
    return pages;
  }

  /** A last line without its break was cut off: half a path names another directory. */
  private static List<String> wholeLines(Path file) throws IOException {
    var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }
}
