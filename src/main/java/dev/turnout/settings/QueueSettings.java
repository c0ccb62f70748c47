package dev.turnout.settings;

import dev.turnout.turn.BusyMode;
import java.time.Duration;

/**
 * Limits of the queue.
 *
 * @param sessionCap most turns of one session that may wait, delayed and running ones included
 * @param maxInputBytes longest input text, in bytes of UTF-8
 * @param maxRuns how often a turn may be started before a replica that keeps dying under it is
 *     taken as its fault
 * @param sessionBurst how many turns of one session may follow each other while others wait
 * @param drainGrace how long a stopping replica lets its runs end by themselves
 * @param busyMode what becomes of a turn whose session is busy, where its caller does not say
 */
public record QueueSettings(
    int sessionCap,
    int maxInputBytes,
    int maxRuns,
    int sessionBurst,
    Duration drainGrace,
    BusyMode busyMode) {
  /** Where turns wait behind each other. */
  public QueueSettings(
      int sessionCap, int maxInputBytes, int maxRuns, int sessionBurst, Duration drainGrace) {
    this(sessionCap, maxInputBytes, maxRuns, sessionBurst, drainGrace, BusyMode.FOLLOWUP);
  }

  /** The same for an agent whose turns wait in a way of their own. */
  public QueueSettings with(AgentLine line) {
    return new QueueSettings(
        line.sessionCap().orElse(sessionCap),
        line.maxInputBytes().orElse(maxInputBytes),
        line.maxRuns().orElse(maxRuns),
        sessionBurst,
        drainGrace,
        line.busyMode().orElse(busyMode));
  }
}
