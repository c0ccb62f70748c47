package dev.turnout.boot;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The system's time, as exact as Postgres keeps it: what is written is what is read. */
final class MicrosecondClock extends Clock {
  private final Clock system;

  MicrosecondClock() {
    this(Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000)));
  }

  private MicrosecondClock(Clock system) {
    this.system = system;
  }

  @Override
  public Instant instant() {
    return system.instant();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return new MicrosecondClock(system.withZone(zone));
  }
}
