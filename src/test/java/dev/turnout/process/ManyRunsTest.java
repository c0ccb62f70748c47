package dev.turnout.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.process.SubprocessSpec.Limits;
import dev.turnout.process.SubprocessSpec.Owner;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many processes that say nothing for long, each waited for by a virtual thread. */
@Timeout(120)
class ManyRunsTest {
  /** Two pipes of each are read: more than there can be carriers of virtual threads. */
  private static final int RUNS = 150;

  @TempDir private Path directory;
  private final String instance = "test-" + UUID.randomUUID();
  private final CountDownLatch heard = new CountDownLatch(RUNS);
  private final AtomicInteger ended = new AtomicInteger();

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, Leftovers.endAll(instance));
  }

  private void run(Path gate, int number) {
    var minutes = Duration.ofMinutes(2);
    var spec =
        new SubprocessSpec(
            List.of("/bin/sh", "-c", "echo up; read go < " + gate),
            Map.of("PATH", "/usr/bin:/bin"),
            directory,
            "",
            new Owner(instance, "run-" + number),
            new Limits(minutes, minutes, minutes, Duration.ZERO, 1 << 20));
    var _ =
        new Subprocesses()
            .run(
                spec,
                _ -> {
                  heard.countDown();
                  return true;
                });
    ended.incrementAndGet();
  }

  @Test
  void silentRunsLeaveTheOtherVirtualThreadsAlone() throws Exception {
    var gate = directory.resolve("gate");
    assertEquals(0, new ProcessBuilder("mkfifo", gate.toString()).start().waitFor());
    var runs = new ArrayList<Thread>();
    for (int i = 0; i < RUNS; i++) {
      int number = i;
      runs.add(Thread.ofVirtual().start(() -> run(gate, number)));
    }
    try {
      assertTrue(heard.await(60, TimeUnit.SECONDS), () -> heard.getCount() + " were not heard");

      var other = Thread.ofVirtual().start(() -> {});

      assertTrue(other.join(Duration.ofSeconds(60)));
      assertEquals(0, ended.get());
    } finally {
      release(gate, runs);
    }
    assertEquals(RUNS, ended.get());
  }

  /** Each takes one line; the gate is held open until the last has come. */
  private static void release(Path gate, List<Thread> runs)
      throws IOException, InterruptedException {
    try (var open = new FileOutputStream(gate.toFile())) {
      open.write("\n".repeat(RUNS).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      for (var run : runs) {
        run.join();
      }
    }
  }
}
