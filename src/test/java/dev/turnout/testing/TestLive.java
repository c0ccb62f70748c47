package dev.turnout.testing;

import dev.turnout.livesession.LiveObserver;
import dev.turnout.livesession.LiveSessions;
import dev.turnout.livesession.OwnerLedger;
import java.nio.file.Path;
import java.time.Clock;

/** Living processes and their ledger, on a directory of a test. */
public final class TestLive implements AutoCloseable {
  public final OwnerLedger ledger;
  public final LiveSessions sessions;

  public TestLive(Path data, Clock clock) {
    ledger = new OwnerLedger(data.toString(), clock);
    sessions = new LiveSessions(ledger, clock, LiveObserver.NONE);
  }

  /** With a keeper of processes that was made otherwise. */
  public TestLive(OwnerLedger ledger, LiveSessions sessions) {
    this.ledger = ledger;
    this.sessions = sessions;
  }

  @Override
  public void close() {
    try {
      sessions.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
