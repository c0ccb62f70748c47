package dev.turnout.livesession;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.process.SubprocessSpec.Limits;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Turns over processes that misbehave, and a count of what is left of them. */
final class LeakProof {
  /** What turns are, again and again; good ones between, so that trouble meets a living process. */
  private static final List<String> TURNS =
      List.of(
          "say hello",
          "fork",
          "die",
          "say hello",
          "bytes",
          "hold-and-die",
          "twice",
          "say hello",
          "half-and-die",
          "fork",
          "mute",
          "say hello",
          "stubborn",
          "half",
          "say hello",
          "silent");

  /** A line of 50 MB takes its time: one turn of so many. */
  private static final int FLOOD_EVERY = 97;

  private static final int SESSIONS = 4;

  /** What the JVM may open, start or keep by itself meanwhile. */
  private static final int FEW = 8;

  private static final long MEGABYTE = 1 << 20;

  private LeakProof() {}

  static void run(Path data, int turns) throws InterruptedException, ExecutionException {
    var met = ConcurrentHashMap.<Class<?>>newKeySet();
    try (var fake = new LiveFixture(data)) {
      fake.limits =
          new Limits(
              Duration.ofSeconds(1),
              Duration.ofSeconds(1),
              Duration.ofSeconds(30),
              Duration.ofMillis(50),
              1 << 20);
      fake.live.sessions.start();
      speak(fake, TURNS.size(), met);
      long files = openFiles();
      int threads = platformThreads();
      long heap = heap();

      speak(fake, turns, met);
      // What they have forked belongs to them, and to nobody once they are gone.
      fake.live.sessions.list().forEach(view -> fake.live.sessions.close(view.id()));

      assertEquals(0, fake.leftovers(), "processes");
      assertEquals(List.of(), fake.live.ledger.owners());
      assertTrue(openFiles() <= files + FEW, () -> files + " open files became " + openFiles());
      assertTrue(
          platformThreads() <= threads + FEW,
          () -> threads + " threads became " + Thread.getAllStackTraces().keySet());
      long grown = heap() - heap;
      assertTrue(grown < 24 * MEGABYTE, () -> "the heap grew by " + grown / MEGABYTE + " MB");
    }
    assertEquals(
        Set.of(
            LiveTurnOutcome.Ended.class,
            LiveTurnOutcome.Died.class,
            LiveTurnOutcome.TimedOut.class,
            LiveTurnOutcome.Flooded.class),
        met);
  }

  private static void speak(LiveFixture fake, int turns, Set<Class<?>> met)
      throws InterruptedException, ExecutionException {
    var next = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var speakers =
          IntStream.rangeClosed(1, SESSIONS)
              .<Future<?>>mapToObj(
                  session ->
                      threads.submit(
                          () -> {
                            for (int n; (n = next.getAndIncrement()) < turns; ) {
                              var turn =
                                  n % FLOOD_EVERY == 5 ? "flood" : TURNS.get(n % TURNS.size());
                              met.add(fake.turn(session, turn).getClass());
                            }
                          }))
              .toList();
      for (var speaker : speakers) {
        speaker.get();
      }
    }
  }

  private static long openFiles() {
    var names = Path.of("/proc/self/fd").toFile().list();
    return names == null ? 0 : names.length;
  }

  private static int platformThreads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  private static long heap() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
