package dev.turnout.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A directory that nobody can remove by its name, not even root: what lies in it has a longer name
 * than the system takes. Closing it removes what is too deep.
 *
 * @param top in which it begins
 */
public record DeepTree(Path top) implements AutoCloseable {
  /** The system takes 4096 bytes, and a name 255 of them. */
  private static final String DIG =
      "n=$(printf %0200d 0); for i in $(seq 30); do mkdir $n && cd -P $n || exit 1; done";

  /** Makes one in a directory that is there. */
  public static DeepTree below(Path top) throws IOException {
    assertEquals(0, run(top, DIG));
    return new DeepTree(top);
  }

  private static int run(Path directory, String script) throws IOException {
    var process =
        new ProcessBuilder("/bin/bash", "-c", script)
            .directory(directory.toFile())
            .inheritIO()
            .start();
    return process.onExit().join().exitValue();
  }

  @Override
  public void close() throws IOException {
    assertEquals(0, run(top, "rm -rf 0*"));
  }
}
