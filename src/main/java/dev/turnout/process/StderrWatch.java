package dev.turnout.process;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads what living processes say on stderr, on one thread for all of them. A thread for each would
 * take more memory than all else that is kept for a process, and most never say a word there.
 */
final class StderrWatch {
  /** How often it looks while nobody asks; one that floods its pipe meanwhile waits that long. */
  private static final Duration ROUND = Duration.ofMillis(100);

  /** How long somebody who asks waits for a look: longer means that a pipe is stuck. */
  private static final Duration PATIENCE = Duration.ofMillis(200);

  /** How long the rest may take to read once the process is gone. */
  private static final Duration REST = Duration.ofSeconds(2);

  /** Not smaller than the buffer of the stream, which then needs none of its own. */
  private static final int CHUNK = 16 * 1024;

  /** Most that is read of one before the next has its turn, in bytes: more than a pipe holds. */
  private static final int FAIR = 256 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition asked = lock.newCondition();
  private final Condition looked = lock.newCondition();
  private final Set<Watched> all = new LinkedHashSet<>();
  private @Nullable Thread thread;
  private boolean lookNow;

  /** Begun and ended rounds; in one of them while the first is greater. */
  private long begun;

  private long ended;

  /** Watches this stderr until {@link Watched#close}. */
  Watched watch(InputStream stderr) {
    var watched = new Watched(stderr);
    lock.lock();
    try {
      all.add(watched);
      if (thread == null) {
        thread = Thread.ofPlatform().daemon().name("live-stderr").start(this::run);
      }
    } finally {
      lock.unlock();
    }
    return watched;
  }

  /** Whether its thread is there. */
  boolean isRunning() {
    lock.lock();
    try {
      return thread != null;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    var bytes = new byte[CHUNK];
    boolean more = false;
    while (true) {
      var present = nextRound(more);
      if (present.isEmpty()) {
        return;
      }
      more = false;
      for (var watched : present) {
        more |= watched.read(bytes);
      }
      lock.lock();
      try {
        ended++;
        looked.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Whom to look at when it is time; nobody when there is nobody left, and the thread may go. */
  private List<Watched> nextRound(boolean atOnce) {
    lock.lock();
    try {
      long left = ROUND.toNanos();
      while (!atOnce && !lookNow && left > 0 && !all.isEmpty()) {
        left = asked.awaitNanos(left);
      }
      lookNow = false;
      begun++;
      if (all.isEmpty()) {
        thread = null;
        ended++;
        looked.signalAll();
      }
      return List.copyOf(all);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody has this thread to interrupt it", e);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until each has been looked at once more. */
  private void look() throws InterruptedException {
    lock.lock();
    try {
      if (thread == null) {
        return;
      }
      // A round that is under way may have passed by.
      long enough = begun + 1;
      lookNow = true;
      asked.signal();
      long left = PATIENCE.toNanos();
      while (ended < enough && left > 0) {
        left = looked.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** One process's stderr. */
  final class Watched {
    private final InputStream in;
    private final StderrTail tail = new StderrTail();

    private Watched(InputStream in) {
      this.in = in;
    }

    /** Reads what is there; whether there was so much that more may wait behind it. */
    private boolean read(byte[] bytes) {
      int read = 0;
      try {
        // INVARIANT: asks for no more than there is, so that no process can make the others wait.
        // (Java takes the rest when a process ends. Were that between these two lines, and the
        // pipe held by a child, the read would last until the tree is ended, which is soon.)
        for (int there = in.available(); there > 0 && read < FAIR; there = in.available()) {
          int length = in.read(bytes, 0, Math.min(there, bytes.length));
          tail.add(bytes, Math.max(length, 0));
          read += Math.max(length, 1);
        }
      } catch (IOException e) {
        return false; // Closed under us: its process has ended, and the rest is read by close().
      }
      return read >= FAIR;
    }

    /** How much there was in all, up to now. */
    long bytes() throws InterruptedException {
      look();
      return tail.bytes();
    }

    /** The last of what came after so many bytes. */
    String since(long bytes) {
      return tail.since(bytes);
    }

    /** Watches no longer. */
    void drop() {
      lock.lock();
      try {
        all.remove(this);
      } finally {
        lock.unlock();
      }
    }

    /** The process is gone: watches no longer, and reads the rest. */
    void close() throws InterruptedException {
      drop();
      look(); // After it the thread is done with this one.
      var rest =
          Thread.ofPlatform().daemon().name("live-stderr-rest").start(() -> tail.readAll(in));
      rest.join(REST);
    }
  }
}
