package dev.turnout.settings;

import dev.turnout.turn.BusyMode;
import java.time.Duration;

/** Reads how turns wait, and how long they are kept when they are over. */
final class LineReader {
  /** What the trail's own rule keeps in any case. */
  private static final Duration SHORTEST_TRAIL = Duration.ofDays(30);

  private final Violations violations;

  LineReader(Violations violations) {
    this.violations = violations;
  }

  QueueSettings queue(LineConfig.Queue queue) {
    violations.atLeast("queue.session-cap", queue.sessionCap(), 1);
    violations.atLeast("queue.max-input-bytes", queue.maxInputBytes(), 1);
    violations.atLeast("queue.max-runs", queue.maxRuns(), 1);
    violations.atLeast("queue.session-burst", queue.sessionBurst(), 1);
    violations.notNegative("queue.drain-grace", queue.drainGrace());
    return new QueueSettings(
        queue.sessionCap(),
        queue.maxInputBytes(),
        queue.maxRuns(),
        queue.sessionBurst(),
        queue.drainGrace(),
        violations
            .oneOf("queue.busy-mode", queue.busyMode(), BusyMode.class)
            .orElse(BusyMode.FOLLOWUP));
  }

  AgentLine agent(String key, LineConfig.AgentLine line) {
    line.sessionCap().ifPresent(n -> violations.atLeast(key + ".session-cap", n, 1));
    line.maxInputBytes().ifPresent(n -> violations.atLeast(key + ".max-input-bytes", n, 1));
    line.maxRuns().ifPresent(n -> violations.atLeast(key + ".max-runs", n, 1));
    return new AgentLine(
        line.busyMode().flatMap(mode -> violations.oneOf(key + ".busy-mode", mode, BusyMode.class)),
        line.sessionCap(),
        line.maxInputBytes(),
        line.maxRuns());
  }

  RetentionSettings retention(LineConfig.Retention retention) {
    retention
        .turns()
        .ifPresent(keep -> violations.atLeast("retention.turns", keep, Duration.ofHours(1)));
    retention
        .audit()
        .ifPresent(keep -> violations.atLeast("retention.audit", keep, SHORTEST_TRAIL));
    return new RetentionSettings(retention.turns(), retention.audit());
  }
}
