package dev.turnout.livesession;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.testing.DeepTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever an agent made, it goes; and what cannot go is told of. */
@Timeout(60)
class DirectoryTreeTest {
  private static final long NOBODY = 65_534;

  @TempDir private Path data;

  /** Deletes as somebody whom permissions bind; the exit code says what came of it. */
  static final class AsNobody {
    private AsNobody() {}

    public static void main(String[] arguments) {
      System.exit(DirectoryTree.delete(Path.of(arguments[0])) ? 0 : 1);
    }
  }

  private static boolean deleteWithoutPrivileges(Path top)
      throws IOException, InterruptedException {
    if (!System.getProperty("user.name").equals("root")) {
      return DirectoryTree.delete(top);
    }
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "no way to give up privileges");
    var process =
        new ProcessBuilder(
                "/usr/bin/setpriv",
                "--reuid=" + NOBODY,
                "--regid=" + NOBODY,
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                Path.of("target/classes") + ":" + Path.of("target/test-classes"),
                AsNobody.class.getName(),
                top.toString())
            .inheritIO()
            .start();
    return process.waitFor() == 0;
  }

  private static void giveToNobody(Path top) throws IOException {
    if (System.getProperty("user.name").equals("root")) {
      try (var all = Files.walk(top)) {
        for (var path : all.toList()) {
          Files.setAttribute(path, "unix:uid", (int) NOBODY, LinkOption.NOFOLLOW_LINKS);
        }
      }
    }
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  @Test
  void directoriesThatAProgramClosedOrMadeReadOnlyGo() throws Exception {
    var place = Files.createDirectory(data.resolve("place"));
    var home = Files.createDirectories(place.resolve("home"));
    var modules = Files.createDirectories(home.resolve("go/pkg/mod"));
    var module = Files.createDirectory(modules.resolve("m"));
    Files.writeString(Files.createFile(module.resolve("go.mod")), "module m");
    var closed = Files.createDirectory(home.resolve("closed"));
    var inner = Files.createDirectory(closed.resolve("inner"));
    Files.writeString(inner.resolve("secret"), "secret");
    Files.createSymbolicLink(home.resolve("link"), data);
    giveToNobody(data);
    mode(module, "r-xr-xr-x");
    mode(modules, "r-xr-xr-x");
    mode(inner, "---------");
    mode(closed, "---------");

    assertTrue(deleteWithoutPrivileges(home));

    assertFalse(Files.exists(home, LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.isDirectory(place));
  }

  @Test
  void permissionsOfWhatALinkPointsToStay() throws Exception {
    var outside = Files.createDirectory(data.resolve("outside"));
    var home = Files.createDirectory(data.resolve("home"));
    Files.createSymbolicLink(home.resolve("link"), outside);
    mode(outside, "r-xr-x---");

    assertTrue(DirectoryTree.delete(home));

    assertEquals(
        "r-xr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(outside)));
  }

  @Test
  void whatCannotGoKeepsNothingElseFromGoing() throws Exception {
    var home = Files.createDirectory(data.resolve("home"));
    for (int i = 0; i < 20; i++) {
      Files.writeString(Files.createDirectory(home.resolve("d" + i)).resolve("file"), "text");
    }
    try (var deep = DeepTree.below(home.resolve("d7"))) {
      assertFalse(DirectoryTree.delete(home));

      try (var left = Files.list(home)) {
        assertEquals(List.of(deep.top()), left.toList());
      }
      assertFalse(Files.exists(deep.top().resolve("file")));
    }
    assertTrue(DirectoryTree.delete(home));
    assertTrue(DirectoryTree.delete(home), "nothing is as good as gone");
  }
}
