package dev.turnout.backend.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.BackendEvent;
import dev.turnout.backend.EventSink;
import dev.turnout.failure.FailureSignal;
import dev.turnout.failure.FailureSignal.TimedOut.Limit;
import dev.turnout.settings.BackendSettings.TimeLimits;
import dev.turnout.turn.Answer;
import dev.turnout.turn.Usage;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One attempt at a model API, under its limits. A virtual thread of its own reads the stream, for
 * two reasons: the time limits hold wherever the SDK blocks (name lookup, handshake, silence), and
 * an interrupt of a virtual thread closes the socket that it reads from, so that the provider
 * notices and stops charging.
 */
final class ModelExchange {
  /** Parts that may wait for a slow sink before the reader, and so the provider, is held up. */
  private static final int PARTS_AHEAD = 64;

  /** A reader ends at once when interrupted, unless it sits in the system's name lookup. */
  private static final Duration END_OF_READER = Duration.ofSeconds(2);

  /** By these the model declines; the words of both dialects. */
  private static final Set<String> REFUSALS = Set.of("refusal", "content_filter");

  /** By these it was cut short; what it said so far is its answer. */
  private static final Set<String> CUT_SHORT =
      Set.of("max_tokens", "length", "model_context_window_exceeded");

  private final ModelCall call;
  private final ModelStream stream;
  private final EventSink sink;
  private final TimeLimits limits;
  private final BlockingQueue<StreamPart> parts = new ArrayBlockingQueue<>(PARTS_AHEAD);
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder declined = new StringBuilder();
  private final long startedNanos = System.nanoTime();
  private long saidBytes;
  private long quietSinceNanos = startedNanos;
  private boolean opened;
  private boolean modelSpoke;
  private Optional<String> stopReason = Optional.empty();
  private Usage usage = Usage.UNKNOWN;

  ModelExchange(ModelCall call, ModelStream stream, EventSink sink) {
    this.call = call;
    this.stream = stream;
    this.sink = sink;
    this.limits = call.settings().limits();
  }

  AttemptResult run() {
    var reader = Thread.ofVirtual().name("model-api-reader").start(this::read);
    try {
      while (true) {
        var ended = next();
        if (ended.isPresent()) {
          return ended.get();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new AttemptResult.Aborted();
    } finally {
      end(reader);
    }
  }

  private void read() {
    try {
      parts.put(outcomeOfReading());
    } catch (InterruptedException e) {
      // The attempt is over and waits for nothing any more.
    }
  }

  private StreamPart outcomeOfReading() throws InterruptedException {
    try {
      stream.read(call, parts::put);
      return new StreamPart.Ended();
    } catch (RuntimeException e) { // all that the SDKs throw
      return new StreamPart.Broken(signal(e));
    } catch (LinkageError | StackOverflowError e) { // else the attempt would wait for its limit
      return new StreamPart.Broken(new FailureSignal.Unexpected(e.toString()));
    }
  }

  private FailureSignal signal(RuntimeException thrown) {
    try {
      return stream.signal(call, thrown);
    } catch (RuntimeException unreadable) { // an SDK's exception that breaks when it is read
      return new FailureSignal.Unexpected(call.redacted(thrown + ", then " + unreadable));
    }
  }

  /** Waits for the next part and takes it; the result when the attempt is over by it. */
  private Optional<AttemptResult> next() throws InterruptedException {
    var deadline = nearestDeadline();
    var part = parts.poll(deadline.nanosFromNow(), TimeUnit.NANOSECONDS);
    if (part == null) {
      return Optional.of(
          AttemptResult.Failed.of(new FailureSignal.TimedOut(deadline.limit(), deadline.after())));
    }
    switch (part) {
      case StreamPart.Opened() -> opened = true;
      case StreamPart.Working() -> modelSpoke = true;
      case StreamPart.Text(var piece) -> {
        modelSpoke = true;
        if (isTooMuch(piece)) {
          return failed(new FailureSignal.TooMuchOutput(call.settings().maxOutputBytes()));
        }
        text.append(piece);
        sink.accept(new BackendEvent.Output(piece));
      }
      case StreamPart.Declined(var piece) -> {
        modelSpoke = true;
        if (isTooMuch(piece)) {
          return failed(new FailureSignal.TooMuchOutput(call.settings().maxOutputBytes()));
        }
        // One more than is shown, by which it is seen that something is missing.
        int room = FailureSignal.EXCERPT_LIMIT + 1 - declined.length();
        declined.append(piece, 0, Math.min(piece.length(), room));
      }
      case StreamPart.Stopped(var reason) -> stopReason = Optional.of(reason);
      case StreamPart.Used(var used) -> usage = used;
      case StreamPart.Broken(var signal) -> {
        return failed(signal);
      }
      case StreamPart.Ended() -> {
        return Optional.of(answer());
      }
    }
    // Set after the sink took the piece: time that a slow reader costs is not the model's silence.
    quietSinceNanos = System.nanoTime();
    return Optional.empty();
  }

  /** Counts what the model says, be it an answer or why there is none. */
  private boolean isTooMuch(String piece) {
    saidBytes += piece.getBytes(UTF_8).length;
    return saidBytes > call.settings().maxOutputBytes();
  }

  private AttemptResult answer() {
    if (stopReason.isEmpty()) {
      return AttemptResult.Failed.of(
          opened || modelSpoke
              ? new FailureSignal.Unreachable("the stream ended before the model had")
              : new FailureSignal.AnsweredNothing());
    }
    var stop = stopReason.get();
    if (REFUSALS.contains(stop) || !declined.isEmpty()) {
      return AttemptResult.Failed.of(new FailureSignal.Refused(stop, text + "" + declined));
    }
    if (text.toString().isBlank()) {
      return AttemptResult.Failed.of(new FailureSignal.AnsweredNothing());
    }
    if (CUT_SHORT.contains(stop)) {
      sink.accept(new BackendEvent.Notice("the model was cut short: " + stop));
    }
    return new AttemptResult.Answered(new Answer(text.toString(), usage), Optional.empty());
  }

  private record Deadline(Limit limit, Duration after, long nanosFromNow) {}

  private Deadline nearestDeadline() {
    var now = System.nanoTime();
    var silence =
        modelSpoke
            ? deadline(Limit.IDLE, limits.idle(), quietSinceNanos, now)
            : deadline(Limit.FIRST_OUTPUT, limits.firstOutput(), startedNanos, now);
    var total = deadline(Limit.TOTAL, limits.total(), startedNanos, now);
    return total.nanosFromNow() < silence.nanosFromNow() ? total : silence;
  }

  private static Deadline deadline(Limit limit, Duration after, long since, long now) {
    return new Deadline(limit, after, after.toNanos() - (now - since));
  }

  private static Optional<AttemptResult> failed(FailureSignal signal) {
    return Optional.of(AttemptResult.Failed.of(signal));
  }

  /** Leaves nothing running, also when this thread itself was interrupted. */
  private static void end(Thread reader) {
    reader.interrupt();
    var interrupted = Thread.interrupted();
    try {
      var _ = reader.join(END_OF_READER);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
