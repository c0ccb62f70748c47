package dev.turnout.livesession;

import dev.turnout.process.LivingProcess;
import dev.turnout.process.Subprocesses;
import dev.turnout.process.Subprocesses.StartResult;
import java.io.IOException;
import java.time.Duration;

/** Starts processes for places in the pool, outside of the lock. */
final class LiveStarts {
  private final OwnerLedger ledger;
  private final LivePool pool;
  private final Subprocesses subprocesses;

  LiveStarts(OwnerLedger ledger, LivePool pool, Subprocesses subprocesses) {
    this.ledger = ledger;
    this.pool = pool;
    this.subprocesses = subprocesses;
  }

  /** What came of it. */
  sealed interface Outcome {
    /** It runs, and is to be greeted. */
    record Running(LivingProcess process, LiveGreeting greeting) implements Outcome {}

    /** Nothing runs; the place is to be given back. */
    record NotStarted(String message) implements Outcome {}

    /** Somebody closed the place meanwhile; what was started is gone. */
    record ClosedUnder(CloseReason why) implements Outcome {}
  }

  /** Prepares a process and starts it; the place has it then. */
  Outcome start(LiveSession session, LiveLaunch.Preparation preparation) {
    // Until the process runs, its files belong to the start, which removes them if it never does.
    try (var scope = ledger.open("start")) {
      var launch = preparation.prepare(scope);
      return switch (subprocesses.startLiving(launch.spec())) {
        case StartResult.NotStarted(var message) -> new Outcome.NotStarted(message);
        case StartResult.Started(var process) -> {
          var closed = pool.started(session, process, launch.shown(), scope);
          closed.ifPresent(_ -> process.end(Duration.ZERO, session.grace));
          yield closed
              .<Outcome>map(Outcome.ClosedUnder::new)
              .orElseGet(() -> new Outcome.Running(process, launch.greeting()));
        }
      };
    } catch (IOException e) {
      return new Outcome.NotStarted("its files cannot be made: " + e.getMessage());
    }
  }
}
