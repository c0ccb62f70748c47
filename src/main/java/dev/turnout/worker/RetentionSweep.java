package dev.turnout.worker;

import dev.turnout.audit.Audit;
import dev.turnout.queue.SessionLines;
import dev.turnout.settings.CurrentSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
    current.retention().turns().filter(keep -> isPast(keep, now)).ifPresent(this::turns);
    current
        .retention()
        .audit()
        .filter(keep -> isPast(keep, now))
        .ifPresent(
            // By whole days: each time leaves a line, and one a day is enough of those.
            keep ->
                audit.forget(
                    now.minus(keep).truncatedTo(ChronoUnit.DAYS),
                    "retention.audit of revision " + current.revision()));
  }

  private void turns(Duration keep) {
    int forgotten;
    do {
      forgotten = lines.forgetTurns(clock.instant().minus(keep), BATCH);
    } while (forgotten == BATCH && !Thread.currentThread().isInterrupted());
  }

  /** Longer than there is time is for ever. */
  private static boolean isPast(Duration keep, Instant now) {
    return keep.compareTo(Duration.between(Instant.EPOCH, now)) < 0;
  }
}
