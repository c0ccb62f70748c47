package dev.turnout.backend.cli;

import dev.turnout.livesession.Belongings;
import dev.turnout.livesession.DirectoryTree;
import dev.turnout.livesession.ResourceKind;
import dev.turnout.turn.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The private places of a session's processes. A CLI keeps conversations, sockets and caches under
 * its HOME and TMPDIR; two sessions that shared them could read each other.
 */
final class SessionDirectories {
  private final Path root;

  SessionDirectories(Path dataDirectory) {
    this.root = dataDirectory.resolve("sessions");
  }

  /** HOME of the session's processes; stays, because conversations are resumed from it. */
  Path home(SessionId session) throws IOException {
    return directory(root.resolve(Long.toString(session.value())).resolve("home"));
  }

  /** The working directory of a session whose agent has none. */
  Path work(SessionId session) throws IOException {
    return directory(root.resolve(Long.toString(session.value())).resolve("work"));
  }

  /** TMPDIR and generated files of a process; gone with their owner. */
  ProcessDirectory forProcess(SessionId session, Belongings belongings) throws IOException {
    var parent = directory(root.resolve(Long.toString(session.value())).resolve("tmp"));
    var path = parent.resolve(belongings.owner());
    return new ProcessDirectory(
        belongings, belongings.directory(ResourceKind.TEMP_DIRECTORY, path));
  }

  /** All of a session's places; operators' own directories are none of them. */
  void remove(SessionId session) {
    boolean _ = DirectoryTree.delete(root.resolve(Long.toString(session.value())));
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
