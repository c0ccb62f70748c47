package dev.turnout.telemetry;

import java.util.List;
import java.util.Locale;

/**
 * Every metric of our own, as Prometheus names it. {@code docs/METRICS.md} lists the same. Labels
 * have few values: names of settings, codes of ours, and {@code other} for all else.
 */
public enum Metric {
  ATTEMPTS(
      "turnout.attempts",
      "turnout_attempts_total",
      Kind.COUNTER,
      "Calls of candidates that came to an end",
      "backend",
      "runtime",
      "lane",
      "outcome",
      "reason",
      "family"),
  ATTEMPT_DURATION(
      "turnout.attempt.duration",
      "turnout_attempt_duration_seconds",
      Kind.HISTOGRAM,
      "How long calls of candidates took",
      "backend",
      "runtime",
      "outcome"),
  SKIPPED(
      "turnout.attempts.skipped",
      "turnout_attempts_skipped_total",
      Kind.COUNTER,
      "Candidates that rested and were not asked",
      "backend",
      "runtime",
      "lane",
      "reason"),
  FALLBACKS(
      "turnout.fallbacks",
      "turnout_fallbacks_total",
      Kind.COUNTER,
      "Times that a turn went on to its next candidate, by why",
      "lane",
      "reason"),
  TURNS(
      "turnout.turns.ended",
      "turnout_turns_ended_total",
      Kind.COUNTER,
      "Turns whose run ended here, by their end",
      "lane",
      "state",
      "reason"),
  PROBES(
      "turnout.probes",
      "turnout_probes_total",
      Kind.COUNTER,
      "Probes of cooldowns that a person asked for, by their end",
      "scope",
      "outcome"),
  COOLDOWNS(
      "turnout.cooldowns",
      "turnout_cooldowns",
      Kind.GAUGE,
      "Cooldowns that rest now",
      "scope",
      "reason"),
  BREAKER(
      "turnout.breaker.state",
      "turnout_breaker_state",
      Kind.GAUGE,
      "Whether a backend is asked for a model: 0 closed (yes), 1 half-open (one finds out), 2 open (no)",
      "backend",
      "model",
      "lane"),
  LIVE_PROCESSES(
      "turnout.live.processes",
      "turnout_live_processes",
      Kind.GAUGE,
      "Living processes of this replica now",
      "backend",
      "state"),
  LIVE_STARTS(
      "turnout.live.starts",
      "turnout_live_starts_total",
      Kind.COUNTER,
      "Living processes that were to be started",
      "backend"),
  LIVE_CLOSES(
      "turnout.live.closes",
      "turnout_live_closes_total",
      Kind.COUNTER,
      "Living processes that were ended, by why",
      "backend",
      "reason"),
  LIVE_TURNS(
      "turnout.live.turns",
      "turnout_live_turns_total",
      Kind.COUNTER,
      "Attempts that looked for a living process, by what they got",
      "backend",
      "process"),
  LIVE_SURVIVORS(
      "turnout.live.survivors",
      "turnout_live_survivors",
      Kind.GAUGE,
      "Processes that were killed and live all the same",
      "backend"),
  LIVE_READY(
      "turnout.live.ready",
      "turnout_live_ready_seconds",
      Kind.HISTOGRAM,
      "How long living processes took until they were ready",
      "backend");

  /** As Prometheus has it. */
  public enum Kind {
    COUNTER,
    HISTOGRAM,
    GAUGE;

    /** The word that stands behind {@code # TYPE}. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final String meter;
  private final String published;
  private final Kind kind;
  private final String help;
  private final String labels;

  Metric(String meter, String published, Kind kind, String help, String... labels) {
    this.meter = meter;
    this.published = published;
    this.kind = kind;
    this.help = help;
    this.labels = String.join(" ", labels);
  }

  /** Its name in Micrometer. */
  String meter() {
    return meter;
  }

  /** Its name in the answer of {@code /q/metrics}. */
  public String published() {
    return published;
  }

  public Kind kind() {
    return kind;
  }

  public String help() {
    return help;
  }

  public List<String> labels() {
    return List.of(labels.split(" ", -1));
  }
}
