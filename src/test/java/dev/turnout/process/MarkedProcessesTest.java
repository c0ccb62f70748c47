package dev.turnout.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.process.SubprocessSpec.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MarkedProcessesTest {
  private final String mark = "test-" + UUID.randomUUID() + "/run";

  @TempDir private Path directory;

  /** It replaces itself all the time, so that a look in thirty finds it without an environment. */
  private Process restless() throws IOException {
    var script = directory.resolve("restless");
    Files.writeString(script, "#!/bin/sh\nexec \"$0\"\n");
    Files.setPosixFilePermissions(
        script, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    var builder = new ProcessBuilder(script.toString());
    builder.environment().put(Owner.VARIABLE, mark);
    return builder.start();
  }

  private Process sleeper(Map<String, String> environment) throws IOException {
    var builder = new ProcessBuilder("/bin/sleep", "300");
    builder.environment().putAll(environment);
    builder.environment().put(Owner.VARIABLE, mark);
    return builder.start();
  }

  @Test
  void whoeverLooksWithAnInterruptSeesTheSame() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "marks are found on Linux only");
    var process = sleeper(Map.of());
    try {
      Thread.currentThread().interrupt();

      var found = MarkedProcesses.withMark(mark);

      assertTrue(Thread.interrupted(), "who interrupted is heard afterwards");
      assertEquals(List.of(process.pid()), found);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Far more than one read is made for at first; most of it in front of the mark or behind it. */
  @Test
  void markIsFoundInABigEnvironment() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "marks are found on Linux only");
    var much = new HashMap<String, String>();
    for (int i = 0; i < 15; i++) {
      much.put("MUCH_" + i, "x".repeat(100_000));
    }
    var process = sleeper(much);
    try {
      assertEquals(List.of(process.pid()), MarkedProcesses.withMark(mark));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void whoIsBecomingAnotherProgramIsFound() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "marks are found on Linux only");
    var process = restless();
    try {
      for (int look = 0; look < 2_000; look++) {
        assertEquals(List.of(process.pid()), MarkedProcesses.withMark(mark), "look " + look);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertEquals(List.of(), MarkedProcesses.withMark(mark));
  }
}
