package dev.turnout.livesession;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Removes what lies in the file system. */
public final class DirectoryTree {
  private static final System.Logger LOG = System.getLogger(DirectoryTree.class.getName());

  /** Without these its owner can neither see what is in a directory nor remove it. */
  private static final Set<PosixFilePermission> NEEDED =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private DirectoryTree() {}

  /**
   * Removes a file, or a directory with all that is in it; links are removed and not followed. What
   * a program has closed or made read-only is opened first. Something that cannot be removed keeps
   * nothing else from going.
   *
   * @return false when something of it is still there, which is logged
   */
  public static boolean delete(Path top) {
    var deletion = new Deletion();
    deletion.of(top);
    if (deletion.left > 0) {
      LOG.log(
          Level.WARNING,
          "{0} could not be deleted; what is left of it is {1} or more: {2}",
          top,
          deletion.left,
          deletion.trouble);
    }
    return deletion.left == 0;
  }

  /** One way through a tree. Not by recursion: a program may nest as deep as it likes. */
  private static final class Deletion {
    private final Deque<Step> steps = new ArrayDeque<>();
    private int left;

    /** The first one, of which others follow. */
    private @Nullable IOException trouble;

    /**
     * Something that has to go.
     *
     * @param emptied whether what is in it had its turn
     */
    private record Step(Path path, boolean emptied) {}

    void of(Path top) {
      steps.push(new Step(top, false));
      while (!steps.isEmpty()) {
        var step = steps.pop();
        try {
          var attributes = attributes(step.path);
          if (attributes.isDirectory() && !step.emptied) {
            steps.push(new Step(step.path, true));
            enter(step.path, attributes);
          } else {
            Files.delete(step.path);
          }
        } catch (IOException e) {
          boolean wentByItself = e instanceof NoSuchFileException;
          if (!wentByItself) {
            left++;
            note(e);
          }
        }
      }
    }

    private static PosixFileAttributes attributes(Path path) throws IOException {
      return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** A directory that cannot be entered counts when it comes to be deleted, and is not empty. */
    private void enter(Path directory, PosixFileAttributes attributes) {
      try {
        if (!attributes.permissions().containsAll(NEEDED)) {
          var more = EnumSet.copyOf(NEEDED);
          more.addAll(attributes.permissions());
          Files.setPosixFilePermissions(directory, more);
        }
      } catch (IOException e) {
        note(e);
      }
      try (var found = Files.newDirectoryStream(directory)) {
        found.forEach(path -> steps.push(new Step(path, false)));
      } catch (DirectoryIteratorException e) {
        note(new IOException(e));
      } catch (IOException e) {
        note(e);
      }
    }

    private void note(IOException e) {
      if (trouble == null) {
        trouble = e;
      }
    }
  }
}
