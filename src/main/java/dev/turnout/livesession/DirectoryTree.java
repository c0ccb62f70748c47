package dev.turnout.livesession;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;

/** Removes what lies in the file system. */
public final class DirectoryTree {
  private static final System.Logger LOG = System.getLogger(DirectoryTree.class.getName());

  private DirectoryTree() {}

  /**
   * Removes a file, or a directory with all that is in it; links are removed and not followed.
   *
   * @return false when something of it is still there, which is logged
   */
  public static boolean delete(Path top) {
    if (!Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    try (var found = Files.walk(top)) {
      for (var file : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
      return true;
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.WARNING, "{0} could not be deleted: {1}", top, e);
      return false;
    }
  }
}
