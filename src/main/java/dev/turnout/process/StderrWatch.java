package dev.turnout.process;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads what living processes say on stderr, on one thread for all of them. A thread for each would
 * take more memory than all else that is kept for a process, and most never say a word there.
 */
final class StderrWatch {
  /** How often it looks while nobody asks; one that floods its pipe meanwhile waits that long. */
  private static final Duration ROUND = Duration.ofMillis(100);

  /** How long the rest may take to read once the process is gone. */
  private static final Duration REST = Duration.ofSeconds(2);

  /** Not smaller than the buffer of the stream, which then needs none of its own. */
  private static final int CHUNK = 16 * 1024;

  /** Most that is read of one before the next has its turn, in bytes: more than a pipe holds. */
  private static final int FAIR = 256 * 1024;

  private final Set<Watched> all = new LinkedHashSet<>();
  private @Nullable Thread thread;

  /** Watches this stderr until {@link Watched#close}. */
  synchronized Watched watch(InputStream stderr) {
    if (thread == null) {
      // Before anything is kept: the system may refuse another thread. It sees nobody until we go.
      thread = Thread.ofPlatform().daemon().name("live-stderr").start(this::run);
    }
    var watched = new Watched(stderr);
    all.add(watched);
    return watched;
  }

  /** Whether its thread is there. */
  synchronized boolean isRunning() {
    return thread != null;
  }

  private void run() {
    for (var present = present(); !present.isEmpty(); present = present()) {
      boolean more = false;
      for (var watched : present) {
        more |= watched.read();
      }
      if (!more) {
        pause();
      }
    }
  }

  /** Until the next round, or until there is nobody left. */
  private synchronized void pause() {
    long until = System.nanoTime() + ROUND.toNanos();
    try {
      for (long left = ROUND.toNanos();
          left > 0 && !all.isEmpty();
          left = until - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody has this thread to interrupt it", e);
    }
  }

  /** Whom to look at; nobody when there is nobody left, and the thread goes. */
  private synchronized List<Watched> present() {
    if (all.isEmpty()) {
      thread = null;
    }
    return List.copyOf(all);
  }

  private synchronized void forget(Watched watched) {
    all.remove(watched);
    notifyAll();
  }

  /** One process's stderr. */
  final class Watched {
    private final InputStream in;
    private final StderrTail tail = new StderrTail();
    private boolean dropped;

    private Watched(InputStream in) {
      this.in = in;
    }

    /** Reads what is there; whether there was so much that more may wait behind it. */
    private synchronized boolean read() {
      int read = 0;
      try {
        // INVARIANT: asks for no more than there is, so that no process can make the others wait.
        // (Java takes the rest when a process ends. Were that between these two lines, and the
        // pipe held by a child, the read would last until the tree is ended, which is soon.)
        for (int there = available(); there > 0 && read < FAIR; there = available()) {
          var bytes = new byte[Math.min(there, CHUNK)];
          int length = in.read(bytes);
          tail.add(bytes, Math.max(length, 0));
          read += Math.max(length, 1);
        }
      } catch (IOException e) {
        return false; // Closed under us: its process has ended, and the rest is read by close().
      }
      return read >= FAIR;
    }

    private int available() throws IOException {
      return dropped ? 0 : in.available();
    }

    /** How much there was in all, up to now. */
    long bytes() {
      read();
      return tail.bytes();
    }

    /** The last of what came after so many bytes. */
    String since(long bytes) {
      read();
      return tail.since(bytes);
    }

    /** Watches no longer. */
    void drop() {
      forget(this);
      synchronized (this) {
        dropped = true;
      }
    }

    /**
     * The process is gone: watches no longer, and reads the rest, which is lost when the system has
     * no thread to read it.
     */
    void close(LateInterrupt interrupts) {
      drop();
      var rest =
          Thread.ofPlatform().daemon().name("live-stderr-rest").unstarted(() -> tail.readAll(in));
      try {
        rest.start();
      } catch (OutOfMemoryError e) {
        return;
      }
      interrupts.join(rest, REST);
    }
  }
}
