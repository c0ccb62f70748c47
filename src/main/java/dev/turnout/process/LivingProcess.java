package dev.turnout.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that is spoken to more than once. One thread at a time speaks and listens; any thread
 * may end it. Memory is bounded: what nobody listens to stays in the pipe, and its writer waits.
 */
public final class LivingProcess {
  /** As the buffer of the stream, which then needs none of its own. */
  private static final int CHUNK = 8 * 1024;

  /** As for a process that runs once: how long stdout may stay open after the end. */
  private static final Duration LINGER = Duration.ofMillis(250);

  /** How long the end of stdout may take once the tree is gone. */
  private static final Duration DRAIN = Duration.ofSeconds(20);

  /** How long the reader may take to see that its pipe has ended. */
  private static final Duration READERS = Duration.ofSeconds(2);

  /** How often the process itself is looked at while nothing comes. */
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Process process;
  private final ProcessTree tree;
  private final ProcessStamp stamp;
  private final Lines lines;
  private final Chunks chunks = new Chunks();
  private final StderrWatch.Watched stderr;
  private final Thread reader;
  private final Deque<byte[]> unsent = new ArrayDeque<>();
  private final Set<ProcessStamp> seenInTree = new HashSet<>();
  private boolean writing;
  private boolean stdinDone;
  private boolean stdoutClosed;
  private long endedAt;
  private long sweptAt;
  private boolean over;
  private boolean gone;

  /** Nothing more will come: we have ended it and taken its pipes away. */
  private volatile boolean silenced;

  private volatile long listenedAt = System.nanoTime();
  private @Nullable ExitStatus ownEnd;

  LivingProcess(Process process, ProcessTree tree, SubprocessSpec spec, StderrWatch watch) {
    this.process = process;
    this.tree = tree;
    // Born between the start and this look, it may be gone already: then nobody else has its pid,
    // for it was not reaped before Java let go of it.
    this.stamp =
        ProcessStamp.of(process.pid()).orElseGet(() -> new ProcessStamp(process.pid(), "", ""));
    this.lines = new Lines((int) Math.min(spec.limits().maxOutputBytes(), Integer.MAX_VALUE - 16));
    this.reader =
        Pipes.thread("live-" + process.pid() + "-stdout", () -> read(process.getInputStream()));
    this.stderr = watch.watch(process.getErrorStream());
    try {
      reader.start();
      if (!spec.stdin().isEmpty()) {
        send(spec.stdin());
      }
    } catch (Throwable e) {
      stderr.drop(); // The system has no thread for us: whoever started the process ends it.
      throw e;
    }
  }

  /** What came of waiting. */
  public enum Progress {
    /** Nothing came yet. */
    QUIET,
    /** Something came; whole lines in it were handed on. */
    HEARD,
    /** A line is longer than it may be: what follows cannot be understood any more. */
    LINE_TOO_LONG,
    /** The process has ended, or closed its stdout, and all that it said was handed on. */
    OVER
  }

  public ProcessStamp stamp() {
    return stamp;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Hands text to its stdin, in order, without waiting for it to be read. */
  public void send(String text) {
    synchronized (unsent) {
      unsent.add(text.getBytes(StandardCharsets.UTF_8));
      if (!writing && !stdinDone) {
        writing = true;
        Thread.ofVirtual().start(this::write);
      }
    }
  }

  private void write() {
    while (true) {
      byte[] next;
      synchronized (unsent) {
        var first = unsent.poll();
        if (first == null) {
          writing = false;
          return;
        }
        next = first;
      }
      try {
        process.getOutputStream().write(next);
        process.getOutputStream().flush();
      } catch (IOException e) {
        synchronized (unsent) {
          // It reads no more, or is gone. That is its right; what it says counts.
          stdinDone = true;
          unsent.clear();
        }
      }
    }
  }

  /**
   * Waits for output and hands its lines on, on the calling thread. Waits shorter than told when
   * the end of the process has to be watched.
   */
  public Progress await(OutputListener listener, Duration atMost) throws InterruptedException {
    listenedAt = System.nanoTime();
    if (over) {
      return Progress.OVER;
    }
    var wait = atMost.compareTo(LOOK) < 0 ? atMost : LOOK;
    var chunk = chunks.next(wait);
    if (chunk != null && !chunk.isEnd()) {
      var fed = lines.feed(chunk.bytes(), listener);
      return fed == Lines.Fed.LINE_TOO_LONG ? Progress.LINE_TOO_LONG : Progress.HEARD;
    }
    stdoutClosed |= chunk != null;
    if (!isOver()) {
      return Progress.QUIET;
    }
    over = true;
    if (!process.isAlive()) {
      ownEnd = ExitStatus.of(process.exitValue());
    }
    var _ = lines.end(listener);
    return Progress.OVER;
  }

  private boolean isOver() throws InterruptedException {
    if (silenced) {
      return true; // The end of its stdout may be among what was thrown away.
    }
    if (stdoutClosed) {
      // Its end follows at once, or it lives on without a voice: both are the end for us.
      var _ = process.waitFor(LINGER.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    }
    if (process.isAlive()) {
      return false;
    }
    long now = System.nanoTime();
    if (endedAt == 0) {
      endedAt = now;
    }
    if (sweptAt == 0 && now - endedAt > LINGER.toNanos()) {
      tree.sweep(); // Somebody it forked holds its stdout.
      sweptAt = System.nanoTime();
    }
    return sweptAt != 0 && now - sweptAt > DRAIN.toNanos();
  }

  /** How long ago somebody last began to listen, or the process was started. */
  public Duration unattended() {
    return Duration.ofNanos(System.nanoTime() - listenedAt);
  }

  /** Who of it lives now, by pid and start: after {@link #end} nobody should. */
  public List<ProcessStamp> survivors() {
    var known = new LinkedHashSet<ProcessStamp>();
    known.add(stamp);
    synchronized (seenInTree) {
      known.addAll(seenInTree);
    }
    known.addAll(tree.carryingItsMark());
    return known.stream().filter(ProcessStamp::lives).toList();
  }

  /** How it ended by itself; empty when it lives, or when it closed its stdout and lived on. */
  public Optional<ExitStatus> ownEnd() {
    return Optional.ofNullable(ownEnd);
  }

  /** How much it has said on stderr so far, in bytes. */
  public long stderrBytes() {
    return stderr.bytes();
  }

  /** The last of what it said on stderr after so many bytes; complete once it is over. */
  public String stderrSince(long bytes) {
    return stderr.since(bytes);
  }

  /**
   * Remembers who lives in its tree now, for the day when a child has left it: told are those that
   * were not known before.
   */
  public Collection<ProcessStamp> lookAtTree(ProcessSnapshot snapshot) {
    synchronized (seenInTree) {
      // A busy agent forks by the thousand. Not by the snapshot, which may have been read in part.
      seenInTree.removeIf(ProcessStamp::hasEnded);
      var found =
          snapshot.treeOf(stamp).stream().filter(member -> !seenInTree.contains(member)).toList();
      seenInTree.addAll(found);
      return found;
    }
  }

  /**
   * Ends it and everything it forked. When this returns nothing of it is left, whoever ended it.
   * Who is interrupted meanwhile hears it then; only the patience is over at once.
   *
   * @param patience how long it may take to end by itself after its stdin was closed; with zero it
   *     is not asked that way
   * @param grace from SIGTERM to SIGKILL
   */
  public synchronized void end(Duration patience, Duration grace) {
    if (gone) {
      return; // The numbers of its group and of its tree may be somebody else's by now.
    }
    gone = true;
    try (var interrupts = new LateInterrupt()) {
      if (process.isAlive() && patience.isPositive()) {
        closeStdin();
        waitForEnd(patience, interrupts);
      }
      if (process.isAlive()) {
        tree.end(grace);
      } else {
        tree.sweep();
      }
      Set<ProcessStamp> known;
      synchronized (seenInTree) {
        known = Set.copyOf(seenInTree);
      }
      var _ = Leftovers.end(known);
      closePipes(interrupts);
      silenced = true;
    }
  }

  /** A writer that is stuck in a full pipe would hold us up: then there is no asking that way. */
  private void closeStdin() {
    synchronized (unsent) {
      if (writing) {
        return;
      }
      stdinDone = true;
    }
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      return; // It is gone already.
    }
  }

  private void waitForEnd(Duration atMost, LateInterrupt interrupts) {
    try {
      var _ = process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      interrupts.note(); // Somebody is in a hurry: no more patience.
    }
  }

  private void closePipes(LateInterrupt interrupts) {
    // With the tree gone nobody holds the other ends, so that the threads see end of file.
    reader.interrupt();
    chunks.clear();
    interrupts.join(reader, READERS);
    stderr.close(interrupts);
    Pipes.close(process);
  }

  private void read(InputStream stdout) {
    var bytes = new byte[CHUNK];
    try {
      while (true) {
        int length = stdout.read(bytes);
        if (length < 0) {
          chunks.end();
          return;
        }
        chunks.put(bytes, length);
      }
    } catch (IOException | InterruptedException e) {
      chunks.endNow();
    }
  }
}
