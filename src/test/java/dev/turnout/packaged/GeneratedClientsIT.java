package dev.turnout.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contract is good enough for clients that are generated from it. */
@Tag("sdk")
@Timeout(600)
class GeneratedClientsIT {
  @TempDir private Path data;

  @Test
  void generatedClientsCompileAndWork() throws IOException, InterruptedException {
    try (var database = TestDatabase.fresh();
        var turnout = PackagedTurnout.start(database, data)) {
      var log = data.resolve("clients.txt");
      var build =
          new ProcessBuilder("sdk/build", turnout.uri().toString(), PackagedTurnout.KEY)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();

      assertEquals(0, build.waitFor(), () -> read(log));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "no log: " + e.getMessage();
    }
  }
}
