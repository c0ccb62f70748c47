package dev.turnout.process;

import dev.turnout.alarm.Alarm;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Output between the thread that reads it and the one that listens. It is bounded: what nobody
 * listens to stays in the pipe, and its writer waits.
 */
final class Chunks {
  /** How many reads may wait for the listener. */
  private static final int AHEAD = 16;

  private static final Chunk END = new Chunk(new byte[0]);

  /** Says only that the wait is over. */
  private static final Chunk NOTHING = new Chunk(new byte[0]);

  private final BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(AHEAD);

  /** A piece of output, or its end. */
  static final class Chunk {
    private final byte[] bytes;

    private Chunk(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean isEnd() {
      return this == END;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  /** Hands on what was read into the first {@code length} bytes, which are copied. */
  void put(byte[] buffer, int length) throws InterruptedException {
    queue.put(new Chunk(Arrays.copyOf(buffer, length)));
  }

  /** No more will come. */
  void end() throws InterruptedException {
    queue.put(END);
  }

  /** The same from one who must not wait: a full queue has no place for it. */
  void endNow() {
    boolean _ = queue.offer(END);
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  void clear() {
    queue.clear();
  }

  /** The next one; none when none came for so long, or when an earlier wait ends late. */
  @Nullable Chunk next(Duration atMost) throws InterruptedException {
    Chunk chunk;
    do {
      chunk = queue.poll();
    } while (chunk == NOTHING); // It was for an earlier wait.
    if (chunk == null && atMost.isPositive()) {
      try (var _ = Alarm.in(atMost, () -> queue.offer(NOTHING))) {
        chunk = queue.take();
      }
    }
    return chunk == NOTHING ? null : chunk;
  }
}
