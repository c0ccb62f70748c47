package dev.turnout.process;

import dev.turnout.process.Chunks.Chunk;
import dev.turnout.process.RunOutcome.TimedOut.Limit;
import dev.turnout.process.SubprocessSpec.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One process from its start to its end. Readers of their own take stdout and stderr, a writer
 * feeds stdin, and the calling thread alone decides: it hands lines on, watches the limits and ends
 * the tree.
 */
final class SubprocessRun {
  /** Size of one read. */
  private static final int CHUNK = 16 * 1024;

  /**
   * How long stdout may stay open after the process has ended: a grandchild may hold it. Then the
   * rest of the tree is ended, which closes it.
   */
  private static final Duration LINGER = Duration.ofMillis(250);

  /**
   * How long the end of stdout may take once the tree is gone. A busy machine may let our reader
   * wait while output is still in the pipe; only a process that fled the tree uses all of it.
   */
  private static final Duration DRAIN = Duration.ofSeconds(20);

  /** How long each of the threads may take to see that the pipes are closed. */
  private static final Duration THREADS = Duration.ofSeconds(2);

  /** What an empty pipe takes at once, however little the system gives it. */
  private static final int AT_ONCE = 4 * 1024;

  /** How often the process is looked at while nothing comes. */
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Process process;
  private final ProcessTree tree;
  private final SubprocessSpec spec;
  private final OutputListener listener;
  private final Lines lines;
  private final Chunks chunks = new Chunks();
  private final StderrTail stderr = new StderrTail();
  private final List<Thread> threads = new ArrayList<>();
  private final long startedAt = System.nanoTime();
  private long lastOutputAt = startedAt;
  private boolean begun;
  private boolean stdoutClosed;
  private long outputBytes;
  private long endedAt;
  private long sweptAt;

  SubprocessRun(Process process, ProcessTree tree, SubprocessSpec spec, OutputListener listener) {
    this.process = process;
    this.tree = tree;
    this.spec = spec;
    this.listener = listener;
    // A line may be as long as the whole output may: one JSON document often is one line.
    this.lines = new Lines((int) Math.min(spec.limits().maxOutputBytes(), Integer.MAX_VALUE - 16));
  }

  RunOutcome await() {
    RunOutcome outcome;
    try {
      ProcessStamp.of(process.pid()).ifPresent(listener::started);
      var trouble = open();
      outcome = trouble.isPresent() ? trouble.get() : watch();
    } catch (InterruptedException e) {
      outcome = new RunOutcome.Interrupted();
    } catch (Throwable e) {
      // Of the listener, or of ours, and be it an Error: whatever was started goes.
      close();
      throw e;
    }
    close();
    if (outcome instanceof RunOutcome.Interrupted) {
      Thread.currentThread().interrupt();
    }
    return withStderr(outcome);
  }

  /** Opens the ways in and out; or says why that cannot be. */
  private Optional<RunOutcome> open() {
    try {
      start("stdout", () -> readStdout(process.getInputStream()));
      start("stderr", () -> stderr.readAll(process.getErrorStream()));
      var stdin = spec.stdin().getBytes(StandardCharsets.UTF_8);
      if (stdin.length > AT_ONCE) {
        start("stdin", () -> feed(stdin));
      } else {
        feed(stdin);
      }
      return Optional.empty();
    } catch (OutOfMemoryError e) {
      return Optional.of(new RunOutcome.NotStarted(Subprocesses.outOf(e)));
    }
  }

  private void start(String pipe, Runnable work) {
    var thread = Pipes.thread("run-" + process.pid() + "-" + pipe, work);
    thread.start();
    threads.add(thread);
  }

  private RunOutcome watch() throws InterruptedException {
    while (true) {
      var chunk = next();
      if (chunk != null) {
        var stop = take(chunk);
        if (stop.isPresent()) {
          return stop.get();
        }
      }
      if (!process.isAlive() && endedAt == 0) {
        endedAt = System.nanoTime();
      }
      if (endedAt != 0 && (stdoutClosed || drained())) {
        return ended();
      }
      if (endedAt == 0) {
        var late = overdue();
        if (late.isPresent()) {
          return late.get();
        }
      }
    }
  }

  private @Nullable Chunk next() throws InterruptedException {
    if (stdoutClosed && endedAt == 0) {
      // Nothing more will come but the end itself: wait for that.
      process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      return null;
    }
    return chunks.next(LOOK);
  }

  private Optional<RunOutcome> take(Chunk chunk) {
    if (chunk.isEnd()) {
      stdoutClosed = true;
      return Optional.empty();
    }
    lastOutputAt = System.nanoTime();
    outputBytes += chunk.bytes().length;
    if (outputBytes + stderr.bytes() > spec.limits().maxOutputBytes()) {
      return Optional.of(new RunOutcome.Flooded(spec.limits().maxOutputBytes()));
    }
    var stop = stopOf(lines.feed(chunk.bytes(), listener));
    begun = begun || listener.begun();
    return stop;
  }

  private Optional<RunOutcome> stopOf(Lines.Fed fed) {
    return switch (fed) {
      case GOES_ON -> Optional.empty();
      case STOPPED -> Optional.of(new RunOutcome.Stopped());
      case LINE_TOO_LONG -> Optional.of(new RunOutcome.Flooded(spec.limits().maxOutputBytes()));
    };
  }

  private RunOutcome ended() {
    var stop = stopOf(lines.end(listener));
    return stop.orElseGet(() -> new RunOutcome.Ended(ExitStatus.of(process.exitValue()), ""));
  }

  /** Whether nothing more is to be waited for after the process has ended with stdout open. */
  private boolean drained() {
    if (sweptAt == 0 && System.nanoTime() - endedAt > LINGER.toNanos()) {
      tree.sweep();
      sweptAt = System.nanoTime();
    }
    return sweptAt != 0 && System.nanoTime() - sweptAt > DRAIN.toNanos() && chunks.isEmpty();
  }

  private Optional<RunOutcome> overdue() {
    Limits limits = spec.limits();
    long now = System.nanoTime();
    if (now - startedAt > limits.total().toNanos()) {
      return Optional.of(timedOut(Limit.TOTAL, limits.total()));
    }
    if (!begun && !stdoutClosed && now - startedAt > limits.firstOutput().toNanos()) {
      return Optional.of(timedOut(Limit.FIRST_OUTPUT, limits.firstOutput()));
    }
    if ((begun || stdoutClosed) && now - lastOutputAt > limits.idle().toNanos()) {
      return Optional.of(
          stdoutClosed ? new RunOutcome.WentSilent("") : timedOut(Limit.IDLE, limits.idle()));
    }
    if (stderr.bytes() > limits.maxOutputBytes()) {
      return Optional.of(new RunOutcome.Flooded(limits.maxOutputBytes()));
    }
    return Optional.empty();
  }

  private static RunOutcome timedOut(Limit limit, Duration after) {
    return new RunOutcome.TimedOut(limit, after, "");
  }

  /** What the process said on stderr is complete only after its end. */
  private RunOutcome withStderr(RunOutcome outcome) {
    return switch (outcome) {
      case RunOutcome.Ended(var status, _) -> new RunOutcome.Ended(status, stderr.text());
      case RunOutcome.WentSilent _ -> new RunOutcome.WentSilent(stderr.text());
      case RunOutcome.TimedOut(var limit, var after, _) ->
          new RunOutcome.TimedOut(limit, after, stderr.text());
      case RunOutcome.NotStarted _, RunOutcome.Flooded _, RunOutcome.Stopped _ -> outcome;
      case RunOutcome.Interrupted _ -> outcome;
    };
  }

  /** Ends the tree, closes the pipes, and waits for the threads. */
  private void close() {
    try (var interrupts = new LateInterrupt()) {
      if (process.isAlive()) {
        tree.end(spec.limits().grace());
      } else {
        tree.sweep();
      }
      // With the tree gone nobody holds the other ends, so that the threads see end of file; who
      // waits to hand on what was read does not wait for that.
      threads.forEach(Thread::interrupt);
      threads.forEach(thread -> interrupts.join(thread, THREADS));
      Pipes.close(process);
    }
  }

  private void feed(byte[] text) {
    try (var stdin = process.getOutputStream()) {
      stdin.write(text);
    } catch (IOException e) {
      // The process does not read all of it, or is gone. That is its right; what it says counts.
      return;
    }
  }

  private void readStdout(InputStream stdout) {
    var bytes = new byte[CHUNK];
    try {
      for (int length = stdout.read(bytes); length >= 0; length = stdout.read(bytes)) {
        chunks.put(bytes, length);
      }
      chunks.end();
    } catch (IOException | InterruptedException e) {
      chunks.endNow();
    }
  }
}
