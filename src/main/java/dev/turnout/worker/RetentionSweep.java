package dev.turnout.worker;

import dev.turnout.audit.Audit;
import dev.turnout.queue.SessionLines;
import dev.turnout.settings.CurrentSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * Takes away what is older than the settings of the moment let it be: turns that have ended, and
 * lines of the audit trail. Every replica does it; what one of them is taking the others step over.
 */
@ApplicationScoped
public class RetentionSweep {
  private static final Duration PAUSE = Duration.ofMinutes(10);

  /** Turns in one commit: tens of milliseconds, mostly for their events. */
  private static final int BATCH = 500;

  private final SessionLines lines;
  private final Audit audit;
  private final CurrentSettings settings;
  private final Clock clock;
  private final Duty duty = new Duty("retention", PAUSE, this::once);

  RetentionSweep(SessionLines lines, Audit audit, CurrentSettings settings, Clock clock) {
    this.lines = lines;
    this.audit = audit;
    this.settings = settings;
    this.clock = clock;
  }

  /** Takes away from now on. */
  public void start() {
    duty.start();
  }

  /** Stops; the rest goes after the next start. */
  public void stop() {
    duty.stop();
  }

  void once() {
    var current = settings.snapshot();
    var now = clock.instant();
    current
        .retention()
        .turns()
        .flatMap(keep -> Bygone.before(keep, now))
        .ifPresent(before -> Bygone.take(BATCH, most -> lines.forgetTurns(before, most)));
    current
        .retention()
        .audit()
        .flatMap(keep -> Bygone.before(keep, now))
        .ifPresent(
            // By whole days: each time leaves a line, and one a day is enough of those.
            before ->
                audit.forget(
                    before.truncatedTo(ChronoUnit.DAYS),
                    "retention.audit of revision " + current.revision()));
  }
}
