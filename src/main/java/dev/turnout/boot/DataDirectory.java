package dev.turnout.boot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The data directory. One living process at most holds its lock; the kernel lets go of a dead
 * one's.
 */
final class DataDirectory {
  private final Path path;
  private @Nullable FileLock lock;

  private DataDirectory(Path path) {
    this.path = path;
  }

  static DataDirectory open(Path path) throws IOException {
    Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    if (!Files.isWritable(path)) {
      throw new IOException("it is not writable");
    }
    return new DataDirectory(path.toRealPath());
  }

  Path path() {
    return path;
  }

  /** Takes the lock and writes who holds it; false when another process has it. */
  boolean lock() throws IOException {
    var channel =
        FileChannel.open(
            path.resolve("turnout.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      return false;
    }
    Files.writeString(path.resolve("turnout.pid"), ProcessHandle.current().pid() + "\n");
    return true;
  }

  /** Who holds it, as it wrote itself. */
  Optional<String> holder() {
    return read("turnout.pid")
        .map(pid -> "pid " + pid + read("turnout.url").map(url -> ", " + url).orElse(""));
  }

  private Optional<String> read(String name) {
    try {
      return Optional.of(Files.readString(path.resolve(name)).strip()).filter(s -> !s.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  Optional<Path> file(String name) {
    return Optional.of(path.resolve(name)).filter(Files::isReadable);
  }

  void unlock() {
    try {
      Files.deleteIfExists(path.resolve("turnout.url"));
      Files.deleteIfExists(path.resolve("turnout.pid"));
      if (lock != null) {
        lock.release();
      }
    } catch (IOException e) {
      // The kernel releases it with us.
    }
  }
}
