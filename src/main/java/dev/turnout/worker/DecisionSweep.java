package dev.turnout.worker;

import dev.turnout.decision.DecisionLog;
import dev.turnout.settings.CurrentSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;

/**
 * Forgets decisions that are older than the settings of the moment say. Every replica does it; what
 * one of them is deleting the others step over.
 */
@ApplicationScoped
public class DecisionSweep {
  private static final Duration PAUSE = Duration.ofHours(1);

  /** Rows in one commit: some milliseconds, so that nobody waits for it. */
  private static final int BATCH = 1_000;

  private final DecisionLog log;
  private final CurrentSettings settings;
  private final Clock clock;
  private final Duty duty = new Duty("decisions", PAUSE, this::once);

  DecisionSweep(DecisionLog log, CurrentSettings settings, Clock clock) {
    this.log = log;
    this.settings = settings;
    this.clock = clock;
  }

  /** Forgets from now on. */
  public void start() {
    duty.start();
  }

  /** Stops; the rest goes after the next start. */
  public void stop() {
    duty.stop();
  }

  void once() {
    Bygone.before(settings.snapshot().decisions().keep(), clock.instant())
        .ifPresent(before -> Bygone.take(BATCH, most -> log.forget(before, most)));
  }
}
