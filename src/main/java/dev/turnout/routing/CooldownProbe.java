package dev.turnout.routing;

import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.Backends;
import dev.turnout.cooldown.Cooldowns;
import dev.turnout.cooldown.Way;
import dev.turnout.failure.FailureClassifier;
import dev.turnout.failure.FailureSignal;
import dev.turnout.failure.FailureSignal.TimedOut;
import dev.turnout.settings.BackendSettings;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One attempt that belongs to no turn. It has a session of its own that is nobody's and in no
 * table, no memory and no history, so that nothing of it shows in a conversation; only cooldowns
 * learn from it, by the rules for all attempts.
 */
final class CooldownProbe {
  private static final Logger LOG = System.getLogger(CooldownProbe.class.getName());

  /** How long an attempt that was told to end may take to do so; its hold lasts as long. */
  private static final Duration GRACE = Duration.ofSeconds(15);

  private final Backends backends;
  private final Cooldowns cooldowns;
  private final Clock clock;

  CooldownProbe(Backends backends, Cooldowns cooldowns, Clock clock) {
    this.backends = backends;
    this.cooldowns = cooldowns;
    this.clock = clock;
  }

  ProbeOutcome run(ProbeRequest request) {
    // Fails closed, like a turn, and before anybody is kept from going first.
    var forbidden = Permission.missing(request.settings(), request.candidate());
    if (forbidden.isPresent()) {
      return new ProbeOutcome.Forbidden(forbidden.get());
    }
    var hold =
        cooldowns.probeByHand(request.cooldown(), request.limit().plus(GRACE), request.who());
    if (hold.isEmpty()) {
      return new ProbeOutcome.Taken();
    }
    try {
      return asked(request);
    } finally {
      // After a success there is nothing left to release.
      cooldowns.release(hold.get());
    }
  }

  private ProbeOutcome asked(ProbeRequest request) {
    var startedAt = clock.instant();
    var settings = request.settings().backend(request.candidate().backend());
    if (settings.isEmpty()) {
      var what = "backend " + request.candidate().backend() + " is not configured";
      return failed(request, new FailureSignal.ConfigMissing(what), startedAt);
    }
    return switch (attempt(request, settings.get())) {
      case AttemptResult.Answered _ -> {
        way(request).ifPresent(way -> cooldowns.succeeded(way, startedAt));
        yield new ProbeOutcome.Answered(Duration.between(startedAt, clock.instant()));
      }
      case AttemptResult.Failed(var signal, _) -> failed(request, signal, startedAt);
      case AttemptResult.Aborted() -> new ProbeOutcome.Aborted();
    };
  }

  private ProbeOutcome failed(ProbeRequest request, FailureSignal signal, Instant startedAt) {
    var now = clock.instant();
    var failure = new FailureClassifier(request.settings().rules()).classify(signal, now);
    way(request)
        .ifPresent(way -> cooldowns.failed(way, failure, startedAt, request.settings().rests()));
    return new ProbeOutcome.Failed(failure, Duration.between(startedAt, now));
  }

  private static Optional<Way> way(ProbeRequest request) {
    var lane = new LaneId(request.cooldown().key().lane());
    return Ways.of(request.settings(), request.candidate(), lane);
  }

  /** On a thread of its own: an interrupt is how an attempt is told that its time is over. */
  private AttemptResult attempt(ProbeRequest request, BackendSettings settings) {
    // Sessions of people count up from 1.
    var session = new SessionId(-ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
    var result = new AtomicReference<AttemptResult>(new AttemptResult.Aborted());
    var thread =
        Thread.ofVirtual()
            .name("probe-" + request.cooldown().id())
            .start(() -> result.set(call(request, settings, session)));
    try {
      if (thread.join(request.limit())) {
        return Objects.requireNonNull(result.get());
      }
      thread.interrupt();
      thread.join(GRACE);
      return AttemptResult.Failed.of(new TimedOut(TimedOut.Limit.TOTAL, request.limit()));
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      return new AttemptResult.Aborted();
    } finally {
      // What it leaves in spite of that is logged, and holds one answer to a harmless question.
      boolean _ = backends.forget(session);
    }
  }

  private AttemptResult call(ProbeRequest request, BackendSettings settings, SessionId session) {
    var attempt =
        new AttemptRequest(
            new TurnId(UUID.randomUUID()),
            session,
            request.candidate(),
            request.prompt(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty());
    try {
      return backends.open(settings).attempt(attempt, _ -> {});
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a backend threw instead of answering a probe", e);
      return AttemptResult.Failed.of(
          new FailureSignal.Unexpected("the adapter failed: " + e.getClass().getSimpleName()));
    }
  }
}
