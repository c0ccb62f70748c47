package dev.turnout.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChunksTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final Chunks chunks = new Chunks();

  private void put(String text) throws InterruptedException {
    chunks.put(text.getBytes(UTF_8), text.length());
  }

  private Thread writing(String text) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                put(text);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private String next(Duration atMost) throws InterruptedException {
    return new String(Objects.requireNonNull(chunks.next(atMost)).bytes(), UTF_8);
  }

  @Test
  void comeInOrderAndThenTheEnd() throws InterruptedException {
    put("one");
    put("two");
    chunks.end();

    assertEquals("one", next(Duration.ZERO));
    assertEquals("two", next(LONG));
    assertTrue(Objects.requireNonNull(chunks.next(LONG)).isEnd());
  }

  @Test
  void waitEndsWithNothingWhenNothingComes() throws InterruptedException {
    assertNull(chunks.next(Duration.ZERO));
    assertNull(chunks.next(Duration.ofMillis(1)));
  }

  /** Else what was said after a turn would be taken for the beginning of the next one's answer. */
  @Test
  void whoDoesNotWaitSeesAllThatIsThere() throws InterruptedException {
    // Alarms that go off while the chunk comes leave their mark behind it.
    var writer = writing("late");
    while (chunks.next(Duration.ofNanos(1)) == null) {
      Thread.onSpinWait();
    }
    writer.join();
    put("next");

    assertEquals("next", next(Duration.ZERO));
    assertNull(chunks.next(Duration.ZERO));
  }

  @Test
  void writerWaitsForAListenerThatIsBehind() throws InterruptedException {
    for (int i = 0; i < 16; i++) {
      put("x");
    }
    var writer = writing("last");
    assertFalse(writer.join(Duration.ofMillis(50)));

    for (int i = 0; i < 16; i++) {
      assertEquals("x", next(LONG));
    }
    assertEquals("last", next(LONG));
    writer.join();
  }
}
