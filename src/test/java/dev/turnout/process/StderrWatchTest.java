package dev.turnout.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.testing.Patience;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StderrWatchTest {
  private final StderrWatch watch = new StderrWatch();
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  private Process shell(String script) throws IOException {
    var process = new ProcessBuilder("/bin/sh", "-c", script).start();
    started.add(process);
    return process;
  }

  /** Returns when the process has come so far that it says so on stdout. */
  private static void awaitWord(Process process) throws IOException {
    assertEquals('.', process.getInputStream().read());
  }

  @Test
  void whoAsksHearsWhatWasSaidUpToNow() throws Exception {
    var process = shell("printf one >&2; printf .; read go; printf two >&2; printf .; read go");
    var stderr = watch.watch(process.getErrorStream());
    awaitWord(process);

    assertEquals(3, stderr.bytes());
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    awaitWord(process);

    assertEquals(6, stderr.bytes());
    assertEquals("two", stderr.since(3));
  }

  @Test
  void floodOfOneIsReadWhileOthersAreSilent() throws Exception {
    var silent = watch.watch(shell("read go").getErrorStream());
    var flood = shell("head -c 5000000 /dev/zero | tr '\\0' x >&2; printf .; read go");
    var stderr = watch.watch(flood.getErrorStream());

    awaitWord(flood);

    assertEquals(5_000_000, stderr.bytes());
    assertEquals(8_192, stderr.since(0).length());
    assertEquals(0, silent.bytes());
  }

  @Test
  void lastWordsOfADeadProcessAreHeard() throws Exception {
    for (int i = 0; i < 50; i++) {
      var process = shell("printf 'last words' >&2; exit 3");
      var stderr = watch.watch(process.getErrorStream());
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));

      try (var interrupts = new LateInterrupt()) {
        stderr.close(interrupts);
      }

      assertEquals("last words", stderr.since(0));
    }
  }

  @Test
  void threadIsThereOnlyWhileSomebodyIsWatched() throws Exception {
    var first = watch.watch(shell("read go").getErrorStream());
    var second = watch.watch(shell("read go").getErrorStream());
    first.drop();
    assertEquals(0, second.bytes());

    second.drop();

    Patience.await().until(() -> !watch.isRunning());
    var third = watch.watch(shell("printf again >&2; read go").getErrorStream());
    Patience.await().until(() -> third.bytes() == 5);
  }
}
