package dev.turnout.livesession;

import dev.turnout.livesession.LiveGreeting.Verdict;
import dev.turnout.process.LivingProcess;
import dev.turnout.process.LivingProcess.Progress;
import dev.turnout.process.OutputListener;
import dev.turnout.process.RunOutcome.TimedOut.Limit;
import dev.turnout.process.SubprocessSpec.Limits;
import java.time.Duration;
import java.util.Optional;

/** Speaks one turn with a process, on the calling thread, and watches the limits on time. */
final class LiveTurn {
  /** How long one wait for output may be; the process is looked at more often than that. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private final LivingProcess process;
  private final LiveExchange exchange;
  private final Limits limits;
  private final Runnable heardSomething;
  private final long startedAt = System.nanoTime();
  private final long stderrBefore;
  private long askedAt = startedAt;
  private long lastOutputAt = startedAt;
  private long bytes;
  private boolean begun;
  private boolean ended;
  private Optional<String> conversation = Optional.empty();

  /**
   * A turn, whose total time begins now.
   *
   * @param stderrBefore how much of its stderr is of earlier turns, in bytes
   * @param heardSomething called whenever the process has said anything
   */
  LiveTurn(
      LivingProcess process,
      LiveExchange exchange,
      Limits limits,
      long stderrBefore,
      Runnable heardSomething) {
    this.process = process;
    this.exchange = exchange;
    this.limits = limits;
    this.heardSomething = heardSomething;
    this.stderrBefore = stderrBefore;
  }

  /**
   * What came of it.
   *
   * @param usable whether the process waits for another turn now
   * @param conversation as {@link LiveExchange.Heard.Ended} gave it
   */
  record Spoken(LiveTurnOutcome outcome, boolean usable, Optional<String> conversation) {
    private static Spoken last(LiveTurnOutcome outcome) {
      return new Spoken(outcome, false, Optional.empty());
    }
  }

  /** Greets the process and waits until it is ready; empty when it is. */
  Optional<Spoken> greet(LiveGreeting greeting) {
    process.send(greeting.text());
    var verdict = new Verdict[] {Verdict.OPEN};
    var listener =
        listener(
            line -> {
              if (verdict[0] == Verdict.OPEN) {
                verdict[0] = greeting.of(line);
              }
              if (verdict[0] != Verdict.READY) {
                exchange.early(line);
              }
            });
    try {
      while (verdict[0] == Verdict.OPEN) {
        var trouble = troubleOf(process.await(listener, LOOK));
        if (verdict[0] == Verdict.REFUSED) {
          return Optional.of(Spoken.last(new LiveTurnOutcome.Refused()));
        }
        if (trouble.isPresent()) {
          return trouble;
        }
        if (verdict[0] == Verdict.OPEN && since(startedAt).compareTo(limits.firstOutput()) > 0) {
          return Optional.of(Spoken.last(late(Limit.FIRST_OUTPUT, limits.firstOutput())));
        }
      }
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(Spoken.last(new LiveTurnOutcome.Interrupted()));
    }
  }

  /** Asks, and listens until the turn is over in one way or another. */
  Spoken speak() {
    try {
      var trouble = dropWhatNobodyAskedFor();
      if (trouble.isPresent()) {
        return trouble.get();
      }
      bytes = 0;
      process.send(exchange.input());
      askedAt = System.nanoTime();
      lastOutputAt = askedAt;
      return listen();
    } catch (InterruptedException e) {
      var spoken = yielded(new LiveTurnOutcome.Interrupted());
      Thread.currentThread().interrupt();
      return spoken;
    }
  }

  /** The process may have said more after its last turn was over: that is nobody's answer. */
  private Optional<Spoken> dropWhatNobodyAskedFor() throws InterruptedException {
    var nobody = listener(this::answerNobody);
    while (true) {
      var progress = process.await(nobody, Duration.ZERO);
      if (progress == Progress.QUIET) {
        return Optional.empty();
      }
      var trouble = troubleOf(progress);
      if (trouble.isPresent()) {
        return trouble;
      }
    }
  }

  private void answerNobody(String line) {
    exchange.unasked(line).ifPresent(process::send);
  }

  private Spoken listen() throws InterruptedException {
    var listener = listener(this::hear);
    while (true) {
      var progress = process.await(listener, LOOK);
      if (ended) {
        boolean usable = progress == Progress.HEARD;
        return new Spoken(new LiveTurnOutcome.Ended(), usable, conversation);
      }
      var trouble = troubleOf(progress);
      if (trouble.isPresent()) {
        return trouble.get();
      }
      begun = begun || (progress == Progress.HEARD && exchange.begun());
      exchange.toSay().forEach(process::send);
      if (exchange.mayBeSilent()) {
        lastOutputAt = System.nanoTime(); // The idle limit begins when this is over.
      }
      var late = overdue();
      if (late.isPresent()) {
        return yielded(late.get());
      }
    }
  }

  private void hear(String line) {
    if (ended) {
      answerNobody(line); // It is over: a second result is nobody's.
      return;
    }
    switch (exchange.hear(line)) {
      case LiveExchange.Heard.GoesOn() -> {}
      case LiveExchange.Heard.Reply(var reply) -> process.send(reply);
      case LiveExchange.Heard.Ended(var known) -> {
        ended = true;
        conversation = known;
      }
    }
  }

  private Optional<Spoken> troubleOf(Progress progress) {
    if (progress == Progress.OVER) {
      // Only then is stderr complete.
      process.end(Duration.ZERO, limits.grace());
      return Optional.of(
          Spoken.last(
              new LiveTurnOutcome.Died(process.ownEnd(), process.stderrSince(stderrBefore))));
    }
    return progress == Progress.LINE_TOO_LONG || bytes > limits.maxOutputBytes()
        ? Optional.of(Spoken.last(new LiveTurnOutcome.Flooded(limits.maxOutputBytes())))
        : Optional.empty();
  }

  private LiveTurnOutcome late(Limit limit, Duration after) {
    return new LiveTurnOutcome.TimedOut(limit, after, process.stderrSince(stderrBefore));
  }

  private Optional<LiveTurnOutcome> overdue() {
    if (since(startedAt).compareTo(limits.total()) > 0) {
      return Optional.of(late(Limit.TOTAL, limits.total()));
    }
    if (!begun && since(askedAt).compareTo(limits.firstOutput()) > 0) {
      return Optional.of(late(Limit.FIRST_OUTPUT, limits.firstOutput()));
    }
    if (begun && since(lastOutputAt).compareTo(limits.idle()) > 0) {
      return Optional.of(late(Limit.IDLE, limits.idle()));
    }
    return Optional.empty();
  }

  /** Asks the process to let the turn go; it stays usable only if it says that it did, in time. */
  private Spoken yielded(LiveTurnOutcome outcome) {
    var line = exchange.interruption();
    if (line.isEmpty()) {
      return Spoken.last(outcome);
    }
    process.send(line.get());
    long asked = System.nanoTime();
    var listener = listener(this::hear);
    try {
      while (!ended && since(asked).compareTo(limits.grace()) < 0) {
        var progress = process.await(listener, LOOK);
        if (progress == Progress.OVER || progress == Progress.LINE_TOO_LONG) {
          return Spoken.last(outcome);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Somebody is in a hurry: no more asking.
      return Spoken.last(outcome);
    }
    return new Spoken(outcome, ended, Optional.empty());
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  /** Takes lines. */
  private interface Ear {
    void line(String line);
  }

  private OutputListener listener(Ear ear) {
    return new OutputListener() {
      @Override
      public void piece(String text) {
        bytes += text.length();
        lastOutputAt = System.nanoTime();
        heardSomething.run();
      }

      @Override
      public boolean line(String line) {
        ear.line(line);
        return true;
      }
    };
  }
}
