package dev.turnout.backend.cli;

import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;

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

  /** TMPDIR and generated files of one attempt; gone with it. */
  AttemptDirectory forAttempt(SessionId session, TurnId turn) throws IOException {
    var parent = directory(root.resolve(Long.toString(session.value())).resolve("tmp"));
    return new AttemptDirectory(
        Files.createTempDirectory(parent, turn.value().toString().substring(24) + "-"));
  }

  /** All of a session's places; operators' own directories are none of them. */
  void remove(SessionId session) {
    var directory = root.resolve(Long.toString(session.value()));
    if (Files.exists(directory)) {
      deleteTree(directory);
    }
  }

  /** Links are deleted and not followed. */
  private static void deleteTree(Path top) {
    try (var found = Files.walk(top)) {
      for (var file : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      System.getLogger(SessionDirectories.class.getName())
          .log(System.Logger.Level.WARNING, "{0} could not be deleted: {1}", top, e);
    }
  }

  private static Path directory(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectories(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return path;
  }

  /** A directory that is deleted with all that is in it. */
  static final class AttemptDirectory implements AutoCloseable {
    private final Path path;

    private AttemptDirectory(Path path) {
      this.path = path;
    }

    Path path() {
      return path;
    }

    /** Writes a file that only we can read. */
    Path file(String name, String content) throws IOException {
      var file =
          Files.createFile(
              path.resolve(name),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return Files.writeString(file, content);
    }

    /** What cannot be deleted is left: an attempt that was answered does not fail for it. */
    @Override
    public void close() {
      deleteTree(path);
    }
  }
}
