package dev.turnout.runtimeconfig;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Looks whether files changed. By polling, because what mounts configuration into containers swaps
 * links above the file, which watchers of the file do not see.
 */
final class FileWatch implements AutoCloseable {
  private static final Logger LOG = System.getLogger(FileWatch.class.getName());

  private static final long LOOK_MILLIS = 400;

  private final List<Path> files;
  private final Runnable onChange;
  private final Thread thread;
  private volatile boolean stopped;

  FileWatch(List<Path> files, Runnable onChange) {
    this.files = List.copyOf(files);
    this.onChange = onChange;
    var before = look();
    this.thread = Thread.ofPlatform().daemon().name("config-files").start(() -> run(before));
  }

  private void run(String before) {
    var taken = before;
    var last = before;
    while (!stopped) {
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
      var now = look();
      // Two looks that agree: whoever writes it has finished.
      if (now.equals(last) && !now.equals(taken)) {
        taken = now;
        tell();
      }
      last = now;
    }
  }

  private void tell() {
    try {
      onChange.run();
    } catch (RuntimeException e) {
      // Ours to mend; the next change is looked at all the same.
      LOG.log(Level.ERROR, "a changed file was not taken", e);
    }
  }

  private String look() {
    return files.stream().map(FileWatch::stamp).collect(Collectors.joining("\n"));
  }

  private static String stamp(Path file) {
    try {
      return Files.getLastModifiedTime(file) + " " + Files.size(file) + " " + file.toRealPath();
    } catch (IOException e) {
      return "absent";
    }
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
  }
}
