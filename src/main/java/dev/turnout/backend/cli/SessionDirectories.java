package dev.turnout.backend.cli;

import dev.turnout.livesession.Belongings;
import dev.turnout.livesession.DirectoryTree;
import dev.turnout.livesession.ResourceKind;
import dev.turnout.turn.SessionId;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The private places of a session's processes. A CLI keeps conversations, sockets and caches under
 * its HOME and TMPDIR; two sessions that shared them could read each other.
 *
 * <p>A process that was started ahead has the places of a session that is nobody's. The session
 * that takes it gets a link to them: a path that a living process knows must stay, and some CLIs
 * find their conversations by the working directory.
 */
final class SessionDirectories {
  private static final System.Logger LOG = System.getLogger(SessionDirectories.class.getName());

  private static final String HOME = "home";
  private static final String WORK = "work";

  private final Path root;

  SessionDirectories(Path dataDirectory) {
    this.root = dataDirectory.resolve("sessions");
  }

  /** Makes the HOME of the session's processes; stays, because conversations are resumed there. */
  Path home(SessionId session) throws IOException {
    return directory(places(session).resolve(HOME));
  }

  /** Makes the working directory of a session whose agent has none. */
  Path work(SessionId session) throws IOException {
    return directory(places(session).resolve(WORK));
  }

  /** Where {@link #home} is or would be; nothing is made for a look at it. */
  Path nameOfHome(SessionId session) throws IOException {
    return taken(named(session)).orElse(named(session)).resolve(HOME);
  }

  /** The same for {@link #work}. */
  Path nameOfWork(SessionId session) throws IOException {
    return taken(named(session)).orElse(named(session)).resolve(WORK);
  }

  /** TMPDIR and generated files of a process; gone with their owner. */
  ProcessDirectory forProcess(SessionId session, Belongings belongings) throws IOException {
    var parent = directory(places(session).resolve("tmp"));
    var path = parent.resolve(belongings.owner());
    return new ProcessDirectory(
        belongings, belongings.directory(ResourceKind.TEMP_DIRECTORY, path));
  }

  /**
   * Removes all of a session's places; operators' own directories are none of them.
   *
   * @return false when something is still there, which is logged; the next call tries again
   */
  boolean remove(SessionId session) {
    try {
      // What the link points to goes first: who is killed in between, or cannot remove all of it,
      // finds it again by the link.
      return DirectoryTree.delete(places(session)) && DirectoryTree.delete(named(session));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the places of session {0} cannot be found: {1}", session, e);
      return false;
    }
  }

  /** Where a session's HOME is that is nobody's; told before it is made. */
  Path homeOfNobody(SessionId nobody) {
    return named(nobody).resolve(HOME);
  }

  /** The same for its working directory. */
  Path workOfNobody(SessionId nobody) {
    return named(nobody).resolve(WORK);
  }

  /** Makes the places of a session that is nobody's; they go with their owner. */
  void makeFor(SessionId nobody, Belongings belongings) throws IOException {
    var _ = directory(root);
    var _ = belongings.directory(ResourceKind.SESSION_DIRECTORY, named(nobody));
  }

  /**
   * Gives what was nobody's to a session.
   *
   * @throws java.nio.file.FileAlreadyExistsException when the session has places already
   * @throws IOException when it cannot be done; then the session has none
   */
  void handOver(SessionId nobody, SessionId session, Belongings belongings) throws IOException {
    Files.createSymbolicLink(named(session), named(nobody).getFileName());
    try {
      // Killed in between, the sweep removes them, and the session begins with none.
      belongings.keep(ResourceKind.SESSION_DIRECTORY, named(nobody));
    } catch (IOException | RuntimeException e) {
      // They would go with the process, or to another session, and this one would follow the link.
      Files.deleteIfExists(named(session));
      throw e;
    }
  }

  private Path named(SessionId session) {
    return root.resolve(Long.toString(session.value()));
  }

  private Path places(SessionId session) throws IOException {
    var own = named(session);
    var taken = taken(own);
    if (taken.isEmpty() && Files.isSymbolicLink(own)) {
      // We were killed in the middle of the handing over, and the sweep has removed them.
      Files.deleteIfExists(own);
    }
    return taken.orElse(own);
  }

  /** The places that a session has taken over, if it has and they are there. */
  private Optional<Path> taken(Path own) throws IOException {
    if (!Files.isSymbolicLink(own)) {
      return Optional.empty();
    }
    var taken = root.resolve(Files.readSymbolicLink(own));
    return Optional.of(taken)
        .filter(path -> root.equals(path.getParent()) && Files.isDirectory(path));
  }

  /**
   * Links are not followed below our root: the processes of a session can write here, and a link
   * that one left would lead the next one, or what we write for it, to where it points.
   */
  private Path directory(Path path) throws IOException {
    for (@Nullable Path part = path; part != null && !part.equals(root); part = part.getParent()) {
      if (Files.isSymbolicLink(part)) {
        throw new IOException(part + " is a link; something has replaced the directory");
      }
    }
    if (!Files.isDirectory(path)) {
      Files.createDirectories(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return path;
  }

  /** The directory of one process. */
  record ProcessDirectory(Belongings belongings, Path path) {
    /** Writes a file that only we can read. */
    Path file(ResourceKind kind, String name, String content) throws IOException {
      return belongings.file(kind, path.resolve(name), content);
    }
  }
}
